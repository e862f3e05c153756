package org.plumbline.quickstart;

import java.util.Collection;
import java.util.List;

/**
 * Random numbers that depend on seed, purpose and index alone, so that one row's numbers do not
 * depend on how many were drawn for the rows before it.
 *
 * <p>SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators", figure
 * 17); logarithms are {@link StrictMath}'s, so that every machine draws the same.
 */
final class Draws implements Chooser {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double EULER = 0.5772156649015329;

  private long state;

  private Draws(long state) {
    this.state = state;
  }

  /** The numbers of one {@code purpose}'s {@code index}-th row. */
  static Draws of(long seed, String purpose, long index) {
    long key = mix(seed + GOLDEN_GAMMA) ^ mix(purpose.hashCode() * GOLDEN_GAMMA);
    return new Draws(mix(mix(key) + index * GOLDEN_GAMMA));
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Uniform in [0, 1). */
  double uniform() {
    state += GOLDEN_GAMMA;
    return (mix(state) >>> 11) * 0x1p-53;
  }

  @Override
  public int any(int n) {
    return (int) (uniform() * n);
  }

  /** Zipf's law: the k-th, counted from 1, comes 1/k as often as the first. */
  @Override
  public int favourite(int n) {
    double total = 0;
    for (int k = 1; k <= n; k++) {
      total += 1.0 / k;
    }
    double left = uniform() * total;
    int k = 1;
    while (k < n && left >= 1.0 / k) {
      left -= 1.0 / k;
      k++;
    }
    return k - 1;
  }

  /** An index into {@code weights}, each as likely as its share of their sum. */
  int weighted(Collection<Double> weights) {
    double left = uniform() * weights.stream().mapToDouble(Double::doubleValue).sum();
    int index = 0;
    for (double weight : weights) {
      if (left < weight) {
        return index;
      }
      left -= weight;
      index++;
    }
    return weights.size() - 1;
  }

  /** Standard Gumbel noise moved to mean 0: the best of noisy utilities then follows a softmax. */
  double gumbel() {
    return -StrictMath.log(-StrictMath.log(Math.max(uniform(), Double.MIN_NORMAL))) - EULER;
  }

  /** Puts {@code list} into random order, in place (Fisher and Yates). */
  <T> void shuffle(List<T> list) {
    for (int i = list.size() - 1; i > 0; i--) {
      int j = any(i + 1);
      T moved = list.get(i);
      list.set(i, list.get(j));
      list.set(j, moved);
    }
  }
}
