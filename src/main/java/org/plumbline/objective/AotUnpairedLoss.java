package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Alignment by optimal transport, unpaired (Melnyk et al. 2024, arXiv:2406.05882): the distribution
 * of chosen log-ratios shall lie above that of the rejected ones.
 *
 * <p>{@code -log s(beta (sort(rho_c) - sort(rho_r)))}, rho being log-ratios of policy to reference:
 * an element is a quantile of the batch and not a pair, so what a batch is, matters.
 *
 * @param beta strength of the tie to the reference policy
 */
public record AotUnpairedLoss(double beta) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public AotUnpairedLoss {
    Require.positive("beta", beta);
  }

  @Override
  public boolean comparesPairs() {
    return true;
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    return Logistic.minusLog(
        Scalar.times(
            batch.chosen().logRatio().sort().sub(batch.rejected().logRatio().sort()), beta));
  }
}
