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
    Require.sameShape("probability", probability, logit);
    NDArray yes = minusLogSigmoid(logit);
    NDArray no = minusLogSigmoid(logit.neg());
    // no - p no, not (1 - p) no: nothing may be left in the manager of the probabilities.
    return yes.mul(probability).add(no.sub(no.mul(probability)));
  }

  /** {@code -log s(x) = softplus(-x)}, which neither overflows nor loses small values. */
  private static NDArray minusLogSigmoid(NDArray logit) {
    return logit.neg().getNDArrayInternal().softPlus();
  }
}
