package org.plumbline.agreement;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;

/**
 * How far answers agree, in one pass over all items. NaN where there is nothing to tell, as where
 * no item has two answers.
 *
 * @param items with answers
 * @param answers all of them
 * @param comparable items with two answers or more, which is what all else is of
 * @param raw share of pairs of answers to one item that are the same
 * @param fleiss Fleiss' kappa
 * @param alpha Krippendorff's alpha by level; only nominal where labels are no numbers
 */
public record AgreementStatistics(
    long items,
    long answers,
    long comparable,
    double raw,
    double fleiss,
    Map<KrippendorffAlpha, Double> alpha) {
  /** Items, answers, comparable items, agreeing pairs, shares of them an item, and all pairs. */
  private static final int COUNTS = 6;

  /** Couples are many, and all that is made of them is their ratio. */
  private static final double COUPLE = 1e-9;

  /**
   * Measures {@code items}.
   *
   * @param classes C
   * @param values shape [C], what labels stand for, rising; null if labels are no numbers
   */
  public static AgreementStatistics of(JavaRDD<LabelledItem> items, int classes, double[] values) {
    Sums.Contribution<LabelledItem> tally = (item, table) -> tally(item, classes, table);
    return of(Sums.over(items, classes + 1, width(classes), tally), classes, values);
  }

  /** The same of items that are all here, without Spark. */
  public static AgreementStatistics of(List<LabelledItem> items, int classes, double[] values) {
    Sums.Contribution<LabelledItem> tally = (item, table) -> tally(item, classes, table);
    return of(Sums.over(items, classes + 1, width(classes), tally), classes, values);
  }

  /** Rows: coincidences of a label with others and its answers; last of all, counts. */
  private static int width(int classes) {
    return Math.max(classes + 1, COUNTS);
  }

  private static AgreementStatistics of(double[] sums, int classes, double[] values) {
    int width = width(classes);
    double[][] coincidences = new double[classes][classes];
    double[] labels = new double[classes];
    for (int c = 0; c < classes; c++) {
      System.arraycopy(sums, c * width, coincidences[c], 0, classes);
      labels[c] = sums[c * width + classes];
    }
    int counts = classes * width;
    Map<KrippendorffAlpha, Double> alpha = new TreeMap<>();
    for (KrippendorffAlpha level : KrippendorffAlpha.values()) {
      if (values != null || level == KrippendorffAlpha.NOMINAL) {
        alpha.put(level, level.of(coincidences, values));
      }
    }
    double comparable = sums[counts + 2];
    return new AgreementStatistics(
        (long) sums[counts],
        (long) sums[counts + 1],
        (long) comparable,
        sums[counts + 3] / sums[counts + 5],
        FleissKappa.of(sums[counts + 4] / comparable, labels),
        alpha);
  }

  private static void tally(LabelledItem item, int classes, Sums sums) {
    int n = item.size();
    sums.add(classes, 0, 1);
    sums.add(classes, 1, n);
    if (n < 2) {
      return;
    }
    int[] labels = new int[classes];
    for (int label : item.labels()) {
      labels[label]++;
    }
    long same = 0;
    for (int c = 0; c < classes; c++) {
      if (labels[c] > 0) {
        same += (long) labels[c] * (labels[c] - 1);
        sums.add(c, classes, labels[c]);
        for (int k = 0; k < classes; k++) {
          double couples = (double) labels[c] * (c == k ? labels[k] - 1 : labels[k]);
          if (couples > 0) {
            sums.add(c, k, couples / (n - 1));
          }
        }
      }
    }
    double pairs = (double) n * (n - 1);
    sums.add(classes, 2, 1);
    sums.add(classes, 3, same * COUPLE);
    sums.add(classes, 4, same / pairs);
    sums.add(classes, 5, pairs * COUPLE);
  }
}
