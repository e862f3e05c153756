package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Log-probabilities of one response of each pair, of shape [B], in nats, <em>summed</em> over the
 * tokens of the response; neither the prompt nor padding counts.
 *
 * @param policy log pi(y | x)
 * @param reference log pi_ref(y | x); zeros for losses that have no reference
 * @param tokens |y|: how many tokens the sums are over, above 0
 */
public record ResponseLogProbs(NDArray policy, NDArray reference, NDArray tokens) {
  /**
   * Takes three arrays of one shape.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public ResponseLogProbs {
    Require.sameShape("reference", reference, policy);
    Require.sameShape("tokens", tokens, policy);
  }

  /** {@code log pi(y) - log pi_ref(y)}, of shape [B]: the implicit reward over beta. */
  public NDArray logRatio() {
    return policy.sub(reference);
  }

  /** The same a token, of shape [B]. */
  public NDArray meanLogRatio() {
    return logRatio().div(tokens);
  }

  /** {@code log pi(y) / |y|}, of shape [B]. */
  public NDArray mean() {
    return policy.div(tokens);
  }
}
