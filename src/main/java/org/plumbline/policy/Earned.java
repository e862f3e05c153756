package org.plumbline.policy;

/**
 * What a completion earned.
 *
 * @param rewards of each token
 * @param values expected before each token; null without a critic
 */
record Earned(float[] rewards, float[] values) {
  /** Of the whole completion. */
  double total() {
    double total = 0;
    for (float reward : rewards) {
      total += reward;
    }
    return total;
  }
}
