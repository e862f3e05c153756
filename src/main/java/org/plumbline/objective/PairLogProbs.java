package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Log-probabilities of both responses of some pairs, under the policy and under the reference.
 *
 * <p>Each is of shape [B], in nats, and <em>summed</em> over the tokens of the response; neither
 * the prompt nor padding counts.
 *
 * @param chosen log pi(y_c | x)
 * @param rejected log pi(y_r | x)
 * @param refChosen log pi_ref(y_c | x)
 * @param refRejected log pi_ref(y_r | x)
 */
public record PairLogProbs(
    NDArray chosen, NDArray rejected, NDArray refChosen, NDArray refRejected) {
  /**
   * Takes four arrays of one shape.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public PairLogProbs {
    Require.sameShape("rejected", rejected, chosen);
    Require.sameShape("refChosen", refChosen, chosen);
    Require.sameShape("refRejected", refRejected, chosen);
  }

  /**
   * How much more than the reference the policy prefers the chosen response: {@code h = (log
   * pi(y_c) - log pi_ref(y_c)) - (log pi(y_r) - log pi_ref(y_r))}, of shape [B].
   */
  public NDArray margin() {
    return chosen.sub(refChosen).sub(rejected.sub(refRejected));
  }
}
