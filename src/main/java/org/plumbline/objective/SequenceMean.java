package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/** Means over the tokens of a completion. */
final class SequenceMean {
  private static final int[] TOKENS = {1};

  private SequenceMean() {}

  /**
   * {@code sum over t of mask_t x_t / sum over t of mask_t}, of shape [B], in the manager of {@code
   * perToken}; 0 where there is no token.
   *
   * @param perToken x, of shape [B, T]
   * @param mask 1 = counts, 0 = padding; of shape [B, T]
   */
  static NDArray of(NDArray perToken, NDArray mask) {
    Require.sameShape("mask", mask, perToken);
    // From x, so that nothing is left in the manager of the mask.
    NDArray counts = perToken.zerosLike().add(mask);
    return perToken.mul(mask).sum(TOKENS).div(Scalar.atLeast(counts.sum(TOKENS), 1));
  }
}
