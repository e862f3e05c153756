package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Direct preference optimisation (Rafailov et al. 2023, arXiv:2305.18290, eq. 7) on soft labels
 * (cDPO: Mitchell 2023, "A note on DPO with noisy preferences").
 *
 * <p>{@code -(p log s(beta h) + (1 - p) log s(-beta h))} for the margin h of {@link
 * PairLogProbs#margin()}, where {@code s} is the logistic function. With p = 1 it is eq. 7; with p
 * = 1 - e for every pair it is DPO with label smoothing e.
 *
 * @param beta strength of the tie to the reference policy
 */
public record DpoLoss(double beta) implements PreferenceLoss {
  /**
   * Takes beta.
   *
   * @throws IllegalArgumentException if it is not above 0
   */
  public DpoLoss {
    Require.positive("beta", beta);
  }

  @Override
  public NDArray perPair(PairLogProbs batch, NDArray probability) {
    return SoftLabelCrossEntropy.of(batch.margin().mul(beta), probability);
  }
}
