package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Identity preference optimisation (Azar et al. 2023, arXiv:2310.12036, eq. 17), a token on
 * average.
 *
 * <p>{@code (rho_c / |y_c| - rho_r / |y_r| - 1 / (2 beta))^2}, rho being log-ratios of policy to
 * reference. The paper's sums over tokens are averaged, as its authors advise, so that long
 * responses do not need larger log-ratios.
 *
 * @param beta strength of the tie to the reference policy
 */
public record IpoLoss(double beta) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public IpoLoss {
    Require.positive("beta", beta);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    return batch
        .chosen()
        .meanLogRatio()
        .sub(batch.rejected().meanLogRatio())
        .sub(1 / (2 * beta))
        .square();
  }
}
