/** Pairs to the reward model: token table in, checkpoint and held-out scores out. */
package org.plumbline.reward;
