package org.plumbline.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** One number of each example as an array. */
public final class PerExample {
  private PerExample() {}

  /** What {@code number} says of {@code examples}, in their order, of shape [B]. */
  public static <E> NDArray of(NDManager step, List<E> examples, ToDoubleFunction<E> number) {
    float[] values = new float[examples.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) number.applyAsDouble(examples.get(i));
    }
    return step.create(values);
  }
}
