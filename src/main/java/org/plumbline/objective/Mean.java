package org.plumbline.objective;

/** The mean of numbers that are no array. */
final class Mean {
  private Mean() {}

  /**
   * The mean, summed in double precision.
   *
   * @throws IllegalArgumentException if there is no number
   */
  static double of(float[] row) {
    Require.atLeast("numbers to average", row.length, 1);
    double sum = 0;
    for (float x : row) {
      sum += x;
    }
    return sum / row.length;
  }
}
