package org.plumbline.curate;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Whether annotators came to agree more or less with others: their last third against the first.
 */
final class Drift {
  private static final int AGREEING = 2;
  private static final int COMPARABLE = 3;

  private Drift() {}

  /**
   * The drift of each annotator that can be compared in both thirds.
   *
   * @param sorted annotator, answer, agreeing, comparable; by annotator and in order
   * @param before judgments of each partition's first annotator in partitions before it
   * @param streaks all judgments of each annotator
   */
  static Map<String, Double> of(JavaRDD<Row> sorted, long[] before, Map<String, Streak> streaks) {
    Map<String, Long> turns = new HashMap<>();
    streaks.forEach((name, streak) -> turns.put(name, streak.turns()));
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(sorted.context());
    Broadcast<Map<String, Long>> totals = spark.broadcast(turns);
    Map<String, Double> drifts = new HashMap<>();
    sorted
        .mapPartitionsWithIndex((index, rows) -> thirds(rows, before[index], totals.value()), false)
        .mapToPair(third -> third)
        .reduceByKey(Drift::plus)
        .collectAsMap()
        .forEach(
            (name, sums) -> {
              if (sums[1] > 0 && sums[3] > 0) {
                drifts.put(name, (double) sums[2] / sums[3] - (double) sums[0] / sums[1]);
              }
            });
    totals.destroy();
    return drifts;
  }

  /** Agreeing and comparable votes, first in the first third, then in the last. */
  private static Iterator<Tuple2<String, long[]>> thirds(
      Iterator<Row> rows, long before, Map<String, Long> totals) {
    Map<String, long[]> sums = new HashMap<>();
    String annotator = null;
    long place = before;
    while (rows.hasNext()) {
      Row row = rows.next();
      place = annotator == null || row.getString(0).equals(annotator) ? place : 0;
      annotator = row.getString(0);
      long total = totals.get(annotator);
      int third = place * 3 < total ? 0 : place * 3 >= 2 * total ? 2 : -1;
      if (third >= 0) {
        long[] own = sums.computeIfAbsent(annotator, key -> new long[4]);
        own[third] += row.getInt(AGREEING);
        own[third + 1] += row.getInt(COMPARABLE);
      }
      place++;
    }
    return sums.entrySet().stream()
        .map(entry -> Tuple2.apply(entry.getKey(), entry.getValue()))
        .iterator();
  }

  private static long[] plus(long[] left, long[] right) {
    long[] sum = left.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += right[i];
    }
    return sum;
  }
}
