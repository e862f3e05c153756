package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/**
 * The clipped surrogate of proximal policy optimisation (Schulman et al. 2017, arXiv:1707.06347,
 * eq. 7), as a loss, with a bound of its own on either side ("clip-higher": Yu et al. 2025, "DAPO",
 * arXiv:2503.14476, eq. 10) and on what one bad token may cost ("dual clip": Ye et al. 2020,
 * arXiv:1912.09729).
 *
 * <p>{@code max(-A_t min(ratio_t, dualClip), -A_t clip(ratio_t, 1 - clipLow, 1 + clipHigh))}: once
 * a token is far enough from where it was sampled, and in the direction that its advantage asks
 * for, it gives no gradient. Dual clip is usually written {@code max(min(ratio A, clip(ratio) A),
 * dualClip A)} where A is below 0; it is the same, since a larger ratio never counts where A is
 * above 0.
 *
 * <p>The ratio may be that of a token or of a whole completion.
 *
 * @param clipLow how far the ratio may go below 1
 * @param clipHigh how far it may go above 1
 * @param dualClip the largest ratio that counts against a bad token, above 1 + clipHigh; infinite
 *     if any does
 */
public record PpoPolicyLoss(double clipLow, double clipHigh, double dualClip)
    implements Serializable {
  /**
   * Takes the bounds.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public PpoPolicyLoss {
    Require.positive("clipLow", clipLow);
    Require.positive("clipHigh", clipHigh);
    Require.above("dualClip", dualClip, 1 + clipHigh);
  }

  /** Without dual clip. */
  public PpoPolicyLoss(double clipLow, double clipHigh) {
    this(clipLow, clipHigh, Double.POSITIVE_INFINITY);
  }

  /** With one bound for both sides, as in eq. 7. */
  public PpoPolicyLoss(double clipRange) {
    this(clipRange, clipRange);
  }

  /**
   * The loss of each token, of shape [B, T].
   *
   * @param ratio new to old probability, of shape [B, T]
   * @param advantages A, of shape [B, T]
   */
  public NDArray perToken(ImportanceRatio ratio, NDArray advantages) {
    NDArray free = ratio.perToken();
    return surrogate(Scalar.atMost(free, dualClip), advantages)
        .maximum(surrogate(free.clip(1 - clipLow, 1 + clipHigh), advantages));
  }

  /**
   * 1 for each token whose loss is not that of its own ratio, and which therefore gives no
   * gradient, else 0; of shape [B, T] and of the ratio's data type. A token outside of the range
   * whose advantage pulls it back is not clipped.
   *
   * @param ratio new to old probability, of shape [B, T]
   * @param advantages A, of shape [B, T]
   */
  public NDArray clipped(ImportanceRatio ratio, NDArray advantages) {
    NDArray free = surrogate(ratio.perToken(), advantages);
    return perToken(ratio, advantages).neq(free).toType(free.getDataType(), false);
  }

  private static NDArray surrogate(NDArray ratio, NDArray advantages) {
    Require.sameShape("advantages", advantages, ratio);
    return ratio.mul(advantages).neg();
  }
}
