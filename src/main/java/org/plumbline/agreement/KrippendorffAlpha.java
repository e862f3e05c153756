package org.plumbline.agreement;

import java.util.function.DoubleBinaryOperator;

/**
 * By how much answers agree beyond chance, for any number of raters, with missing answers, and by
 * how far labels are apart: 1 - D_o / D_e, the disagreement within items over that among all
 * answers (Krippendorff, "Computing Krippendorff's alpha-reliability", 2011). Works on the matrix
 * of coincidences: every ordered pair of an item's m answers counts 1 / (m - 1).
 */
public enum KrippendorffAlpha {
  /** Labels are the same or not. */
  NOMINAL {
    @Override
    double of(double[][] coincidences, double[] values, double[] margins) {
      return alpha(coincidences, margins, (c, k) -> 1);
    }
  },
  /** Labels are as far apart as there are answers between them. */
  ORDINAL {
    @Override
    double of(double[][] coincidences, double[] values, double[] margins) {
      return alpha(coincidences, margins, (c, k) -> between(margins, (int) c, (int) k));
    }
  },
  /** Labels are as far apart as their difference squared. */
  INTERVAL {
    @Override
    double of(double[][] coincidences, double[] values, double[] margins) {
      return alpha(coincidences, margins, (c, k) -> Math.pow(values[(int) c] - values[(int) k], 2));
    }
  };

  /**
   * Alpha of a matrix of coincidences.
   *
   * @param coincidences shape [C, C], symmetric
   * @param values shape [C], what labels stand for, rising; only for {@link #INTERVAL}
   * @return NaN if there is but one label, or nothing
   */
  public double of(double[][] coincidences, double[] values) {
    double[] margins = new double[coincidences.length];
    for (int c = 0; c < margins.length; c++) {
      for (double coincidence : coincidences[c]) {
        margins[c] += coincidence;
      }
    }
    return of(coincidences, values, margins);
  }

  abstract double of(double[][] coincidences, double[] values, double[] margins);

  private static double alpha(
      double[][] coincidences, double[] margins, DoubleBinaryOperator distance) {
    double observed = 0;
    double expected = 0;
    double all = 0;
    for (int c = 0; c < margins.length; c++) {
      all += margins[c];
      for (int k = 0; k < margins.length; k++) {
        if (c != k) {
          double apart = distance.applyAsDouble(c, k);
          observed += coincidences[c][k] * apart;
          expected += margins[c] * margins[k] * apart;
        }
      }
    }
    return 1 - (all - 1) * observed / expected;
  }

  /** (sum of the margins from c to k, less half of those at the ends), squared. */
  private static double between(double[] margins, int c, int k) {
    double sum = -(margins[c] + margins[k]) / 2;
    for (int g = Math.min(c, k); g <= Math.max(c, k); g++) {
      sum += margins[g];
    }
    return sum * sum;
  }
}
