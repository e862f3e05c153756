package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * The logistic function s(x) = 1 / (1 + e^-x) where it neither overflows nor loses small values.
 */
final class Logistic {
  private Logistic() {}

  /** s(x). */
  static NDArray of(NDArray x) {
    return x.getNDArrayInternal().sigmoid();
  }

  /** {@code -log s(x) = softplus(-x)}. */
  static NDArray minusLog(NDArray x) {
    return x.neg().getNDArrayInternal().softPlus();
  }
}
