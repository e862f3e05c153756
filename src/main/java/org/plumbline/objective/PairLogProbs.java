package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Log-probabilities of both responses of some pairs, under the policy and under the reference.
 *
 * @param chosen of the response that is probably better, y_c
 * @param rejected of the other one, y_r
 */
public record PairLogProbs(ResponseLogProbs chosen, ResponseLogProbs rejected) {
  /**
   * Takes two sides of one shape.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public PairLogProbs {
    Require.sameShape("rejected", rejected.policy(), chosen.policy());
  }

  /**
   * How much more than the reference the policy prefers the chosen response: {@code h = (log
   * pi(y_c) - log pi_ref(y_c)) - (log pi(y_r) - log pi_ref(y_r))}, of shape [B].
   */
  public NDArray margin() {
    return chosen.logRatio().sub(rejected.logRatio());
  }

  /** The same pairs, had the other response been chosen. */
  PairLogProbs swapped() {
    return new PairLogProbs(rejected, chosen);
  }
}
