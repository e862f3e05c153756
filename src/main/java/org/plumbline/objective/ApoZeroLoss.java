package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Anchored preference optimisation, "zero" (D'Oosterlinck et al. 2024, arXiv:2408.06266): chosen
 * responses become more likely, rejected ones less. For data that is better than the model.
 *
 * <p>{@code 1 - s(beta rho_c) + s(beta rho_r)}, rho being log-ratios of policy to reference.
 *
 * @param beta strength of the tie to the reference policy
 */
public record ApoZeroLoss(double beta) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public ApoZeroLoss {
    Require.positive("beta", beta);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    return Logistic.of(Scalar.times(batch.chosen().logRatio(), beta))
        .neg()
        .add(1)
        .add(Logistic.of(Scalar.times(batch.rejected().logRatio(), beta)));
  }
}
