package org.plumbline.agreement;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/** The right label of items, by number of the label; C is a right label that nobody gave. */
record LabelTruth(JavaPairRDD<String, Integer> labels) {
  /** Probabilities that differ by less are equal. */
  private static final double TIE = 1e-12;

  /**
   * Reads {@code rows}; those without an item or a label are left out.
   *
   * @param rows columns item, truth, both strings
   * @throws IllegalArgumentException if an item has two
   */
  static LabelTruth of(Dataset<Row> rows, LabelSet labels) {
    Broadcast<LabelSet> there =
        JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext()).broadcast(labels);
    JavaPairRDD<String, Integer> truth =
        rows.select("item", "truth")
            .where("item is not null and truth is not null")
            .javaRDD()
            .mapToPair(
                row -> Tuple2.apply(row.getString(0), there.value().number(row.getString(1))))
            .distinct()
            .cache();
    truth
        .mapValues(label -> 1)
        .reduceByKey(Integer::sum)
        .filter(item -> item._2() > 1)
        .take(1)
        .stream()
        .findFirst()
        .ifPresent(
            item -> {
              throw new IllegalArgumentException(
                  "Cannot use the truth: item %s has several".formatted(item._1()));
            });
    return new LabelTruth(truth);
  }

  /**
   * How many items a method gets right. Where several labels are the most probable and one of them
   * is right, it is a part of one.
   *
   * @param scored items that have both a posterior and a truth
   */
  record Score(long scored, double right) {
    /** Share of the scored items; NaN without any. */
    double accuracy() {
      return right / scored;
    }
  }

  Score score(JavaPairRDD<String, double[]> posteriors) {
    // Whole numbers are counted, so that the sum does not depend on the order of partitions.
    Map<Integer, Long> shared =
        new TreeMap<>(posteriors.join(labels).values().map(LabelTruth::winners).countByValue());
    long scored = 0;
    double right = 0;
    for (Map.Entry<Integer, Long> entry : shared.entrySet()) {
      scored += entry.getValue();
      right += entry.getKey() == 0 ? 0 : (double) entry.getValue() / entry.getKey();
    }
    return new Score(scored, right);
  }

  /** Among how many most probable labels the right one is; 0 if it is not. */
  private static int winners(Tuple2<double[], Integer> item) {
    double[] posterior = item._1();
    double most = posterior[best(posterior)];
    if (item._2() >= posterior.length || posterior[item._2()] < most - TIE) {
      return 0;
    }
    int winners = 0;
    for (double p : posterior) {
      winners += p >= most - TIE ? 1 : 0;
    }
    return winners;
  }

  /** The most probable label; the first of several. */
  static int best(double[] posterior) {
    int best = 0;
    for (int c = 1; c < posterior.length; c++) {
      best = posterior[c] > posterior[best] + TIE ? c : best;
    }
    return best;
  }
}
