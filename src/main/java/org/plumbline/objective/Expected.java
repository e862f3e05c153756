package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/** What a loss comes to on average, where a label is right with a probability that is known. */
final class Expected {
  private Expected() {}

  /**
   * {@code p right + (1 - p) wrong}, in the manager of {@code wrong}.
   *
   * @param right the loss if the label is right
   * @param wrong the loss if it is wrong, of the same shape
   * @param probability p, of the same shape
   */
  static NDArray of(NDArray right, NDArray wrong, NDArray probability) {
    Require.sameShape("probability", probability, right);
    // wrong - p wrong, not (1 - p) wrong: nothing may be left in the manager of the probabilities.
    return right.mul(probability).add(wrong.sub(wrong.mul(probability)));
  }
}
