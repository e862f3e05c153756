package org.plumbline.policy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Function;

/** Lays out per-token numbers like log-probabilities of a right-padded batch. */
final class TokenArrays {
  private TokenArrays() {}

  /**
   * Numbers of response tokens, placed where the response lies; 0 elsewhere.
   *
   * @param width T - 1 of the batch
   * @return [B, T - 1]
   */
  static NDArray of(
      List<PpoExample> examples,
      long width,
      Function<PpoExample, float[]> numbers,
      NDManager step) {
    float[] all = new float[(int) (examples.size() * width)];
    for (int row = 0; row < examples.size(); row++) {
      float[] values = numbers.apply(examples.get(row));
      int first = (int) (row * width) + examples.get(row).prompt().length - 1;
      System.arraycopy(values, 0, all, first, values.length);
    }
    return step.create(all, new Shape(examples.size(), width));
  }
}
