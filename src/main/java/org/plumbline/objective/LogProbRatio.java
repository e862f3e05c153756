package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * How much likelier the policy makes each token now than when it was sampled.
 *
 * <p>Both arrays are of shape [B, T], in nats, and taken at the temperature of sampling. On the
 * first pass over fresh completions every ratio is exactly 1.
 *
 * @param current log pi(a_t | s_t) of the policy that learns
 * @param old log pi_old(a_t | s_t) of the policy that sampled
 */
public record LogProbRatio(NDArray current, NDArray old) {
  /**
   * Takes two arrays of one shape.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public LogProbRatio {
    Require.sameShape("old", old, current);
  }

  /** {@code pi(a_t | s_t) / pi_old(a_t | s_t)}, of shape [B, T]. */
  public NDArray perToken() {
    return current.sub(old).exp();
  }
}
