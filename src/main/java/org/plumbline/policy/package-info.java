/** The reinforcement loop: prompts and a reward model to a policy checkpoint. */
package org.plumbline.policy;
