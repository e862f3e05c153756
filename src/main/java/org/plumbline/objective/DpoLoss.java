package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Direct preference optimisation (Rafailov et al. 2023, arXiv:2305.18290, eq. 7) under any of the
 * divergences of Wang et al. 2023, arXiv:2309.16240.
 *
 * <p>{@code -log s(beta (f(rho_c) - f(rho_r)))}, where {@code s} is the logistic function, rho the
 * log-ratio of policy to reference and f that of {@link Divergence}; with reverse KL, f(rho) = rho.
 * On soft labels it is cDPO (Mitchell 2023, "A note on DPO with noisy preferences"): with p = 1 - e
 * for every pair, DPO with label smoothing e.
 *
 * @param beta strength of the tie to the reference policy
 * @param divergence what keeps the policy near the reference
 */
public record DpoLoss(double beta, Divergence divergence) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public DpoLoss {
    Require.positive("beta", beta);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    return Logistic.minusLog(Scalar.times(divergence.margin(batch), beta));
  }

  /** Under reverse KL, as in eq. 7. */
  public DpoLoss(double beta) {
    this(beta, new Divergence.ReverseKl());
  }
}
