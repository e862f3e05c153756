package org.plumbline.curate.bias;

import org.apache.commons.math3.distribution.NormalDistribution;

/** From an estimate and its error to 95 % intervals and two-sided p-values. */
final class Intervals {
  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  /** 97.5 % of a normal distribution lie below. */
  static final double Z = NORMAL.inverseCumulativeProbability(0.975);

  private Intervals() {}

  static double pValue(double z) {
    return 2 * NORMAL.cumulativeProbability(-Math.abs(z));
  }

  /** Of log-odds whose error is normal. */
  static BiasEstimate logOdds(
      String bias, String annotator, String subject, double estimate, double error, long n) {
    return new BiasEstimate(
        bias,
        "log-odds",
        annotator,
        subject,
        estimate,
        estimate - Z * error,
        estimate + Z * error,
        0,
        pValue(estimate / error),
        n);
  }

  /**
   * Of a share of votes that come in clusters: Wilson's interval (JASA 22, 1927) with the effective
   * number of votes n / deff (Kish, "Survey sampling", 1965; Korn and Graubard, Survey Methodology
   * 24, 1998). The variance of a share with clusters c of n_c votes, y_c of them for it, is sum
   * (y_c - n_c p)^2 / n^2 (linearisation); deff is that over p (1 - p) / n, and at least 1.
   */
  static BiasEstimate share(String bias, String annotator, String subject, Shares.Sum sum) {
    double n = sum.votes();
    double p = sum.yes() / n;
    double effective = n / sum.designEffect();
    double z2 = Z * Z / effective;
    double middle = (p + z2 / 2) / (1 + z2);
    double half = Math.sqrt(z2 * (p * (1 - p) + z2 / 4)) / (1 + z2);
    return new BiasEstimate(
        bias,
        "share",
        annotator,
        subject,
        p,
        middle - half,
        middle + half,
        0.5,
        pValue((p - 0.5) / Math.sqrt(0.25 / effective)),
        sum.votes());
  }
}
