package org.plumbline.model;

/**
 * Uniform numbers without a state: each depends on its key alone, so that a completion is the same
 * whatever batch, task or attempt it is drawn in. The mixing is that of SplitMix64 (Steele, Lea and
 * Flood 2014).
 */
public final class Uniforms {
  private Uniforms() {}

  /**
   * Fills {@code row} with numbers in [0, 1), one a position.
   *
   * @param key everything that tells this row's draws from others
   */
  public static void fill(float[] row, long... key) {
    long state = 0;
    for (long part : key) {
      state = mix(state ^ mix(part));
    }
    for (int position = 0; position < row.length; position++) {
      row[position] = (mix(state + position) >>> 40) * 0x1p-24f;
    }
  }

  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
