package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Binary classifier optimisation on pairs (Jung et al. 2024, arXiv:2404.04656, eq. 8), without a
 * shift of the reward.
 *
 * <p>{@code -log s(beta rho_c) - log s(-beta rho_r)}, rho being log-ratios of policy to reference.
 *
 * @param beta strength of the tie to the reference policy
 */
public record BcoPairLoss(double beta) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public BcoPairLoss {
    Require.positive("beta", beta);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    return Logistic.minusLog(Scalar.times(batch.chosen().logRatio(), beta))
        .add(Logistic.minusLog(Scalar.times(batch.rejected().logRatio(), -beta)));
  }
}
