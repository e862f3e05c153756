/** Prompts to completions, scored, across executors: the rollouts table. */
package org.plumbline.rollout;
