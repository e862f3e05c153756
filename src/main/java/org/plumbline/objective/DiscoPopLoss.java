package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * The log-ratio modulated loss that a language model discovered (Lu et al. 2024, "DiscoPOP",
 * arXiv:2406.08414, eq. 5).
 *
 * <p>{@code (1 - m) (-log s(beta h)) + m e^(-beta h)}, {@code m = s(beta h / tau)}, for the margin
 * h of {@link PairLogProbs#margin()}.
 *
 * @param beta strength of the tie to the reference policy
 * @param tau temperature of the modulation
 */
public record DiscoPopLoss(double beta, double tau) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public DiscoPopLoss {
    Require.positive("beta", beta);
    Require.positive("tau", tau);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    NDArray logit = Scalar.times(batch.margin(), beta);
    NDArray modulation = Logistic.of(Scalar.over(logit, tau));
    NDArray logistic = Logistic.minusLog(logit);
    NDArray exponential = Scalar.atMost(logit.neg(), Divergence.LARGEST_EXPONENT).exp();
    return logistic.sub(logistic.mul(modulation)).add(exponential.mul(modulation));
  }
}
