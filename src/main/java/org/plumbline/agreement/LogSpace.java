package org.plumbline.agreement;

import java.util.Arrays;

/** Probabilities by their logarithms. */
final class LogSpace {
  /** No probability is nearer to 0 or 1, so that no worker outweighs all others together. */
  static final double SMALLEST = 1e-3;

  /** Of a worker who never errs, a single error does not make an item impossible. */
  static final double SMALLEST_FACTOR = 1e-9;

  private static final double RARE = 0.01;

  private LogSpace() {}

  /** exp(x) divided by its sum, in place; no overflow. */
  static double[] softmax(double[] x) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : x) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.exp(x[i] - max);
      sum += x[i];
    }
    for (int i = 0; i < x.length; i++) {
      x[i] /= sum;
    }
    return x;
  }

  /** Logarithms of the labels' shares among {@code counts}, shape [C], up to a constant. */
  static double[] logPriors(double[] counts, ClassPrior prior) {
    double[] logs = new double[counts.length];
    if (prior == ClassPrior.LEARNED) {
      double total = Arrays.stream(counts).sum();
      // A label that nobody gives stays possible.
      Arrays.setAll(logs, c -> Math.log((counts[c] + RARE) / (total + RARE * counts.length)));
    }
    return logs;
  }

  /** The largest difference of two entries. */
  static double distance(double[] before, double[] after) {
    double largest = 0;
    for (int i = 0; i < before.length; i++) {
      largest = Math.max(largest, Math.abs(before[i] - after[i]));
    }
    return largest;
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Probabilities, shape [C], where {@code label} is known to be right. */
  static double[] known(int label, int classes) {
    double[] known = new double[classes];
    Arrays.fill(known, SMALLEST / (classes - 1));
    known[label] = 1 - SMALLEST;
    return known;
  }

  /** {@code p} kept away from 0 and 1. */
  static double believable(double p) {
    return Math.min(1 - SMALLEST, Math.max(SMALLEST, p));
  }
}
