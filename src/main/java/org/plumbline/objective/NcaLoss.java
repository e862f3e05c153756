package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Noise contrastive alignment on pairs (Chen et al. 2024, arXiv:2402.05369, eq. 13).
 *
 * <p>{@code -log s(beta rho_c) - (log s(-beta rho_c) + log s(-beta rho_r)) / 2}, rho being
 * log-ratios of policy to reference: unlike DPO it keeps the chosen response from becoming less
 * likely.
 *
 * @param beta strength of the tie to the reference policy
 */
public record NcaLoss(double beta) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public NcaLoss {
    Require.positive("beta", beta);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    NDArray chosen = Scalar.times(batch.chosen().logRatio(), beta);
    NDArray rejected = Scalar.times(batch.rejected().logRatio(), beta);
    return Logistic.minusLog(chosen)
        .add(
            Scalar.times(
                Logistic.minusLog(chosen.neg()).add(Logistic.minusLog(rejected.neg())), 0.5));
  }
}
