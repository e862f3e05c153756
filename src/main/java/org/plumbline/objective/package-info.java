/**
 * One equation per file: losses, advantage estimators, KL.
 *
 * <p>Reads and writes nothing. Losses take arrays and give one number per pair, response or token,
 * with gradients where gradient mode is on; they neither sum, nor average, nor know of masks: the
 * caller multiplies by its mask (1 = counts, 0 = padding), sums, and divides by the global count,
 * of tokens as {@link org.plumbline.objective.LossAggregation} says. What is fixed before an update
 * (token rewards, advantages, whitening) is plain arithmetic on the rows' own tokens, without
 * padding.
 *
 * <p>A result lives in the manager of the first argument, which therefore has to be an array of the
 * step and not one of the model. Padding has to hold finite numbers, since 0 times infinity is not
 * a number.
 */
package org.plumbline.objective;
