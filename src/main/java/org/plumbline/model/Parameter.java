package org.plumbline.model;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * One tensor of a model, as Hugging Face names and shapes it.
 *
 * @param name its name in {@code model.safetensors}
 * @param shape its shape
 * @param init how it starts when there are no weights to read
 */
record Parameter(String name, long[] shape, Init init) {
  /** How a parameter starts: a constant, normal with a deviation, or uniform between bounds. */
  record Init(double deviation, double bound, float constant) {
    static final Init ZERO = new Init(0, 0, 0);
    static final Init ONE = new Init(0, 0, 1);

    static Init normal(double deviation) {
      return new Init(deviation, 0, 0);
    }

    static Init uniform(double bound) {
      return new Init(0, bound, 0);
    }

    /** One number. */
    float draw(SplittableRandom random) {
      double noise = deviation == 0 ? 0 : random.nextGaussian() * deviation;
      return (float) (constant + noise + (bound == 0 ? 0 : random.nextDouble(-bound, bound)));
    }
  }

  long size() {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
