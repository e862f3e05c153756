package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * DPO where a share of the labels is known to be wrong (Chowdhury et al. 2024, arXiv:2403.00409,
 * eq. 12).
 *
 * <p>{@code (-(1 - e) log s(beta h) + e log s(-beta h)) / (1 - 2 e)}: an unbiased estimate of the
 * loss on labels without noise, {@code h} being {@link PairLogProbs#margin()}.
 *
 * @param beta strength of the tie to the reference policy
 * @param labelSmoothing e, the share of wrong labels, below 0.5
 */
public record RobustDpoLoss(double beta, double labelSmoothing) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public RobustDpoLoss {
    Require.positive("beta", beta);
    Require.fractionBelowHalf("labelSmoothing", labelSmoothing);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    NDArray logit = Scalar.times(batch.margin(), beta);
    NDArray right = Scalar.times(Logistic.minusLog(logit), 1 - labelSmoothing);
    NDArray wrong = Scalar.times(Logistic.minusLog(logit.neg()), labelSmoothing);
    return Scalar.over(right.sub(wrong), 1 - 2 * labelSmoothing);
  }
}
