package org.plumbline.train;

import ai.djl.ndarray.NDArray;

/**
 * A micro-batch's loss, summed and not averaged: gradients are divided once, by the count over all
 * ranks.
 *
 * @param loss a scalar with its graph down to what a tape returned
 * @param count of what the loss is the sum of: tokens, pairs or weights
 */
public record LossSum(NDArray loss, double count) {}
