package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * The cross entropy of a yes or no whose probability is known, against a logit.
 *
 * <p>{@code -(p log s(x) + (1 - p) log s(-x))}, where {@code s} is the logistic function. Least at
 * {@code x = logit(p)}.
 */
final class SoftLabelCrossEntropy {
  private SoftLabelCrossEntropy() {}

  /**
   * One number per logit, of the logit's shape, in the logit's manager.
   *
   * @param logit x
   * @param probability p, of the same shape
   */
  static NDArray of(NDArray logit, NDArray probability) {
    return Expected.of(Logistic.minusLog(logit), Logistic.minusLog(logit.neg()), probability);
  }
}
