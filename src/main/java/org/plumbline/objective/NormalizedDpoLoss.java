package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * DPO on log-ratios a token (Meng et al. 2024, arXiv:2405.14734, table 5, "length-normalised DPO").
 *
 * <p>{@code -log s(beta (rho_c / |y_c| - rho_r / |y_r|))}, rho being log-ratios of policy to
 * reference.
 *
 * @param beta strength of the tie to the reference policy
 */
public record NormalizedDpoLoss(double beta) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public NormalizedDpoLoss {
    Require.positive("beta", beta);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    return Logistic.minusLog(
        Scalar.times(batch.chosen().meanLogRatio().sub(batch.rejected().meanLogRatio()), beta));
  }
}
