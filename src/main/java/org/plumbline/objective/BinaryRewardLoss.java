package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/**
 * The loss of a reward model that learns from single responses, each acceptable or not: the score
 * is the logit of a classifier, as of verifiers (Cobbe et al. 2021, arXiv:2110.14168).
 *
 * <p>{@code -(p log s(r) + (1 - p) log s(-r))}, where {@code s} is the logistic function. Least
 * where {@code r = logit(p)}: unlike one of comparisons, such a score has a zero of its own.
 */
public record BinaryRewardLoss() implements Serializable {
  /**
   * The loss of each response, of shape [B].
   *
   * @param scores r, of shape [B]
   * @param probability p: how likely the response is acceptable, of shape [B]; 1 or 0 for a hard
   *     label
   */
  public NDArray perResponse(NDArray scores, NDArray probability) {
    Require.sameShape("probability", probability, scores);
    return SoftLabelCrossEntropy.of(scores, probability);
  }
}
