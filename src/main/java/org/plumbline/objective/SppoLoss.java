package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Self-play preference optimisation (Wu et al. 2024, arXiv:2405.00675, eq. 4.6) with hard win
 * rates.
 *
 * <p>{@code (rho_c - 1 / (2 beta))^2 + (rho_r + 1 / (2 beta))^2}, rho being log-ratios of policy to
 * reference. On soft labels its minimum is at {@code rho_c = (p - 1/2) / beta}, as the paper has it
 * for estimated win rates.
 *
 * @param beta one over the step size eta of the paper
 */
public record SppoLoss(double beta) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public SppoLoss {
    Require.positive("beta", beta);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    double aim = 1 / (2 * beta);
    return batch
        .chosen()
        .logRatio()
        .sub(aim)
        .square()
        .add(batch.rejected().logRatio().add(aim).square());
  }
}
