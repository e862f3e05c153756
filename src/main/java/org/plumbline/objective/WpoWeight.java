package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/**
 * How near a response is to what the policy would say itself, which weighs pairs that others wrote
 * (WPO with sampled alignment: Zhou et al. 2024, arXiv:2406.11827).
 *
 * <p>{@code exp(mean over t of (log pi(y_t) - log sum over v of pi(v)^2))}: each token's
 * probability over what is expected of a token that the policy samples. A pair weighs the product
 * of both of its responses.
 */
public record WpoWeight() implements Serializable {
  /**
   * The weight of each response, of shape [B], without a gradient.
   *
   * @param logProbs log pi(y_t), of shape [B, T]
   * @param logSquares log of the sum over the vocabulary of squared probabilities where y_t was
   *     chosen, of shape [B, T]
   * @param mask 1 = response token, 0 = prompt or padding; of shape [B, T]
   */
  public NDArray perResponse(NDArray logProbs, NDArray logSquares, NDArray mask) {
    Require.sameShape("logSquares", logSquares, logProbs);
    return SequenceMean.of(logProbs.sub(logSquares), mask).exp().stopGradient();
  }
}
