package org.plumbline.planning;

import java.util.List;
import java.util.TreeMap;

/**
 * Those who will judge, as a lottery: the next judgment is by somebody of them, each as probable.
 * What a judgment is worth is kept in cells of log-odds, {@link #CELL} wide.
 *
 * @param cells logit of accuracy in cells -> those of them who are like that
 * @param meanAccuracy their mean probability of preferring the better side
 */
record Pool(TreeMap<Integer, Alike> cells, double meanAccuracy) {
  /** Nats. */
  static final double CELL = 0.02;

  /** Nobody is believed beyond it, as in fitting. */
  private static final double CERTAIN = 0.999;

  /** The probability of drawing one of them who is then right, and one who is wrong. */
  record Alike(double right, double wrong) {
    private Alike plus(Alike other) {
      return new Alike(right + other.right, wrong + other.wrong);
    }
  }

  /**
   * Everybody with the same chance.
   *
   * @throws IllegalArgumentException if there is nobody
   */
  static Pool of(List<Double> accuracies) {
    if (accuracies.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot plan: no annotator is reliable enough to be asked (see plan.min-reliability)");
    }
    TreeMap<Integer, Alike> cells = new TreeMap<>();
    double share = 1.0 / accuracies.size();
    double sum = 0;
    for (double accuracy : accuracies) {
      double a = Math.min(CERTAIN, Math.max(1 - CERTAIN, accuracy));
      cells.merge(
          (int) Math.round(Math.log(a / (1 - a)) / CELL),
          new Alike(share * a, share * (1 - a)),
          Alike::plus);
      sum += a;
    }
    return new Pool(cells, sum / accuracies.size());
  }
}
