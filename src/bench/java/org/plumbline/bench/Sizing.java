package org.plumbline.bench;

/**
 * What training takes of each executor, without activations: the arithmetic of a replica whose
 * moments are cut into slices, in float32.
 *
 * @param weights of the model
 * @param trained of them, or of adapters
 * @param ranks that train together, one an executor
 */
record Sizing(double weights, double trained, int ranks) {
  private static final int FLOAT = Float.BYTES;

  /** Bytes of weights, gradient and moments, of which each rank has its slice. */
  double memory() {
    double adapters = trained < weights ? trained : 0;
    return FLOAT * (weights + adapters + trained + 2 * trained / ranks);
  }

  /** Bytes that each rank sends in a synchronous step: a reduce-scatter and an all-gather. */
  double sentByStep() {
    return 2.0 * FLOAT * trained * (ranks - 1) / ranks;
  }

  /**
   * Bytes that a worker of local rounds writes to shared storage and reads from it, by step of
   * {@code steps} in a round: it reads and writes weights and both moments.
   */
  double movedByLocalStep(int steps) {
    return 2.0 * 3 * FLOAT * trained / steps;
  }

  /**
   * Seconds that {@code bytes} take on a link of {@code gigabits} a second, of which 80 % is had.
   */
  static double seconds(double bytes, double gigabits) {
    return bytes / (0.8 * gigabits * 1e9 / 8);
  }
}
