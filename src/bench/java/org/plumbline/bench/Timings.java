package org.plumbline.bench;

import java.util.Arrays;

/** How long each of several runs took, in seconds. */
record Timings(double[] seconds) {
  double median() {
    return median(seconds);
  }

  double best() {
    return Arrays.stream(seconds).min().orElseThrow();
  }

  /** The middle number, or the mean of the two in the middle. */
  static double median(double... numbers) {
    double[] sorted = Arrays.stream(numbers).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
