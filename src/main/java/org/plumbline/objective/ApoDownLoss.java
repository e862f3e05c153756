package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Anchored preference optimisation, "down" (D'Oosterlinck et al. 2024, arXiv:2408.06266): both
 * responses become less likely, the rejected one more so. For a model that is better than the data.
 *
 * <p>{@code s(beta rho_c) + 1 - s(beta h)}, rho_c being the chosen log-ratio of policy to reference
 * and h {@link PairLogProbs#margin()}.
 *
 * @param beta strength of the tie to the reference policy
 */
public record ApoDownLoss(double beta) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public ApoDownLoss {
    Require.positive("beta", beta);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    return Logistic.of(Scalar.times(batch.chosen().logRatio(), beta))
        .add(1)
        .sub(Logistic.of(Scalar.times(batch.margin(), beta)));
  }
}
