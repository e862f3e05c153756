package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Hinge loss on the margin (SLiC-HF: Zhao et al. 2023, arXiv:2305.10425; with a reference as in Liu
 * et al. 2023, "RSO", arXiv:2309.06657).
 *
 * <p>{@code max(0, 1 - beta h)} for the margin h of {@link PairLogProbs#margin()}.
 *
 * @param beta strength of the tie to the reference policy
 */
public record HingeLoss(double beta) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public HingeLoss {
    Require.positive("beta", beta);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    return Scalar.atLeast(Scalar.times(batch.margin(), -beta).add(1), 0);
  }
}
