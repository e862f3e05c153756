package org.plumbline.agreement;

import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;

/**
 * Everybody counts the same: the probability of a label is its share of the votes' weight. A
 * worker's reliability is the mean share that the others and the worker gave to what the worker
 * said; where the truth is known, all of it is the truth's.
 */
public final class Majority implements AnnotatorModel {
  private final int classes;
  private final double[] reliabilities;

  private Majority(int classes, double[] reliabilities) {
    this.classes = classes;
    this.reliabilities = reliabilities;
  }

  /**
   * Counts votes.
   *
   * @param workers {@link Workers#size()}
   * @param unseen the reliability of who has no vote
   */
  public static Majority fit(JavaRDD<LabelledItem> items, int classes, int workers, double unseen) {
    double[] sums =
        Sums.over(
            items,
            workers,
            2,
            (item, table) ->
                agree(item, item.believed(classes, () -> shares(item, classes)), table));
    double[] reliabilities = new double[workers];
    Arrays.setAll(reliabilities, w -> sums[2 * w + 1] > 0 ? sums[2 * w] / sums[2 * w + 1] : unseen);
    return new Majority(classes, reliabilities);
  }

  /** Each label's share of the votes, shape [C]; all the same if there are none. */
  static double[] shares(LabelledItem item, int classes) {
    double[] shares = new double[classes];
    double total = 0;
    for (int i = 0; i < item.size(); i++) {
      shares[item.labels()[i]] += item.weights()[i];
      total += item.weights()[i];
    }
    double all = total;
    Arrays.setAll(shares, c -> all > 0 ? shares[c] / all : 1.0 / classes);
    return shares;
  }

  /** Adds to each worker's row: weight of answers expected to be right, and weight of all. */
  static void agree(LabelledItem item, double[] posterior, Sums sums) {
    for (int i = 0; i < item.size(); i++) {
      double weight = item.weights()[i];
      sums.add(item.workers()[i], 0, weight * posterior[item.labels()[i]]);
      sums.add(item.workers()[i], 1, weight);
    }
  }

  @Override
  public double[] posterior(LabelledItem item) {
    return shares(item, classes);
  }

  @Override
  public double reliability(int worker) {
    return reliabilities[worker];
  }
}
