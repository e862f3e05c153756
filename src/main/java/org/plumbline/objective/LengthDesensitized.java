package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/**
 * Log-probabilities in which it counts less that one response of a pair is longer than the other
 * (LD-DPO: Liu et al. 2024, arXiv:2409.06411), for {@link ResponseLogProbs} of policy and reference
 * alike; any loss on pairs may follow.
 *
 * <p>{@code sum over t <= l of log p_t + alpha (sum over t > l of log p_t)}, l being the length of
 * the other response.
 *
 * @param alpha weight of the tokens that the other response has no counterpart of; 1 for plain sums
 */
public record LengthDesensitized(double alpha) implements Serializable {
  /**
   * Takes the weight.
   *
   * @throws IllegalArgumentException if it is not between 0 and 1
   */
  public LengthDesensitized {
    Require.fraction("alpha", alpha);
  }

  /**
   * The weighted sum of each response, of shape [B].
   *
   * @param perToken log p, of shape [B, T]
   * @param mask 1 = response token, 0 = prompt or padding; of shape [B, T]
   * @param otherTokens l: tokens of the pair's other response, of shape [B]
   */
  public NDArray of(NDArray perToken, NDArray mask, NDArray otherTokens) {
    Require.sameShape("mask", mask, perToken);
    NDArray counts = perToken.zerosLike().add(mask);
    // Turned, so that lengths broadcast over tokens and nothing is left in their manager.
    NDArray shared = counts.cumSum(1).transpose().lte(otherTokens).transpose();
    NDArray weight =
        Scalar.times(shared.toType(perToken.getDataType(), false), 1 - alpha).add(alpha);
    return perToken.mul(counts).mul(weight).sum(new int[] {1});
  }
}
