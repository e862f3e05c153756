package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/**
 * The clipped surrogate of proximal policy optimisation (Schulman et al. 2017, arXiv:1707.06347,
 * eq. 7), as a loss.
 *
 * <p>{@code max(-A_t ratio_t, -A_t clip(ratio_t, 1 - clipRange, 1 + clipRange))}: once a token is
 * far enough from where it was sampled, and in the direction that its advantage asks for, it gives
 * no gradient.
 *
 * @param clipRange how far the ratio may go from 1
 */
public record PpoPolicyLoss(double clipRange) implements Serializable {
  /**
   * Takes the clip range.
   *
   * @throws IllegalArgumentException if it is not above 0
   */
  public PpoPolicyLoss {
    Require.positive("clipRange", clipRange);
  }

  /**
   * The loss of each token, of shape [B, T].
   *
   * @param ratio new to old probability, of shape [B, T]
   * @param advantages A, of shape [B, T]
   */
  public NDArray perToken(LogProbRatio ratio, NDArray advantages) {
    NDArray free = ratio.perToken();
    return surrogate(free, advantages).maximum(surrogate(clip(free), advantages));
  }

  /**
   * 1 for each token whose loss is the clipped one, else 0; of shape [B, T] and of the ratio's data
   * type. A token outside of the range whose advantage pulls it back is not clipped.
   *
   * @param ratio new to old probability, of shape [B, T]
   * @param advantages A, of shape [B, T]
   */
  public NDArray clipped(LogProbRatio ratio, NDArray advantages) {
    NDArray free = ratio.perToken();
    return surrogate(clip(free), advantages)
        .gt(surrogate(free, advantages))
        .toType(free.getDataType(), false);
  }

  private NDArray clip(NDArray ratio) {
    return ratio.clip(1 - clipRange, 1 + clipRange);
  }

  private static NDArray surrogate(NDArray ratio, NDArray advantages) {
    Require.sameShape("advantages", advantages, ratio);
    return ratio.mul(advantages).neg();
  }
}
