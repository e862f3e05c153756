package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Each token's own ratio (Schulman et al. 2017, arXiv:1707.06347, section 3).
 *
 * <p>Both arrays are of shape [B, T], in nats, and taken at the temperature of sampling.
 *
 * @param current log pi(a_t | s_t) of the policy that learns
 * @param old log pi_old(a_t | s_t) of the policy that sampled
 */
public record TokenRatio(NDArray current, NDArray old) implements ImportanceRatio {
  /**
   * Takes two arrays of one shape.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public TokenRatio {
    Require.sameShape("old", old, current);
  }

  /** {@code pi(a_t | s_t) / pi_old(a_t | s_t)}, of shape [B, T]. */
  @Override
  public NDArray perToken() {
    return log().exp();
  }

  /** Its logarithm, of shape [B, T]. */
  NDArray log() {
    return current.sub(old);
  }
}
