package org.plumbline.model;

import java.util.Arrays;

/**
 * One tensor of a model, as Hugging Face names and shapes it.
 *
 * @param name its name in {@code model.safetensors}
 * @param shape its shape
 * @param init how it starts when there are no weights to read
 */
record Parameter(String name, long[] shape, Init init) {
  /** How a parameter starts: normal with the given deviation, or constant. */
  record Init(double deviation, float constant) {
    static final Init ZERO = new Init(0, 0);
    static final Init ONE = new Init(0, 1);

    static Init normal(double deviation) {
      return new Init(deviation, 0);
    }
  }

  long size() {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
