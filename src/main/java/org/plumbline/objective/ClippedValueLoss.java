package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/**
 * The squared error of the value head, clipped around its old prediction (Engstrom et al. 2020,
 * arXiv:2005.12729, section 3; Huang et al. 2024, arXiv:2403.17031).
 *
 * <p>{@code 1/2 max((v_t - R_t)^2, (clip(v_t, v_old - clipRange, v_old + clipRange) - R_t)^2)}.
 *
 * @param clipRange how far a value may go from its old one
 */
public record ClippedValueLoss(double clipRange) implements Serializable {
  /**
   * Takes the clip range.
   *
   * @throws IllegalArgumentException if it is not above 0
   */
  public ClippedValueLoss {
    Require.positive("clipRange", clipRange);
  }

  /**
   * The loss of each token, of shape [B, T].
   *
   * @param values v: what the value head says now, of shape [B, T]
   * @param oldValues v_old: what it said when the completions were sampled, of shape [B, T]
   * @param returns R: {@link GeneralizedAdvantage.Advantages#returns()}, of shape [B, T]
   */
  public NDArray perToken(NDArray values, NDArray oldValues, NDArray returns) {
    Require.sameShape("oldValues", oldValues, values);
    Require.sameShape("returns", returns, values);
    NDArray clipped = values.sub(oldValues).clip(-clipRange, clipRange).add(oldValues);
    return Scalar.times(values.sub(returns).square().maximum(clipped.sub(returns).square()), 0.5);
  }
}
