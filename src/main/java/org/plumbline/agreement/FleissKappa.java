package org.plumbline.agreement;

/**
 * By how much many raters agree beyond chance: (P - P_e) / (1 - P_e), where P is the mean over
 * items of the share of pairs of answers that agree, and P_e the sum of the squared shares of the
 * labels (Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76,
 * 1971). Fleiss has the same number of answers for every item; here each item counts once however
 * many it has, and items with fewer than two are left out.
 */
public final class FleissKappa {
  private FleissKappa() {}

  /**
   * Of a table of counts.
   *
   * @param counts shape [I, C]: answers to the item with the label
   * @return NaN if no item has two answers, or all answers are the same label
   */
  public static double of(double[][] counts) {
    double agreement = 0;
    double[] labels = new double[counts.length == 0 ? 0 : counts[0].length];
    int items = 0;
    for (double[] item : counts) {
      double all = 0;
      double same = 0;
      for (double count : item) {
        all += count;
        same += count * (count - 1);
      }
      if (all >= 2) {
        items++;
        agreement += same / (all * (all - 1));
        for (int c = 0; c < labels.length; c++) {
          labels[c] += item[c];
        }
      }
    }
    return of(agreement / items, labels);
  }

  /**
   * Of sums over items.
   *
   * @param agreement P
   * @param labels shape [C], answers with each label to items with two or more
   */
  static double of(double agreement, double[] labels) {
    double all = 0;
    double squares = 0;
    for (double label : labels) {
      all += label;
      squares += label * label;
    }
    double chance = squares / (all * all);
    return (agreement - chance) / (1 - chance);
  }
}
