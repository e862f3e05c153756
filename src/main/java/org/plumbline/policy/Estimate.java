package org.plumbline.policy;

import java.util.Arrays;

/**
 * How much better than expected a completion was, one entry a token.
 *
 * @param advantages what the policy learns from
 * @param returns what a critic should have said; empty without one
 */
record Estimate(float[] advantages, float[] returns) {
  private static final float[] NONE = {};

  static Estimate of(float[] advantages) {
    return new Estimate(advantages, NONE);
  }

  /** The same advantage for each of {@code tokens}. */
  static Estimate of(float advantage, int tokens) {
    float[] advantages = new float[tokens];
    Arrays.fill(advantages, advantage);
    return of(advantages);
  }
}
