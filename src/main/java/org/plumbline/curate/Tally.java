package org.plumbline.curate;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Sums by key, in one pass over all rows. They are whole numbers, so that they come out the same in
 * whatever order rows are added.
 */
final class Tally {
  private final Map<String, long[]> sums = new HashMap<>();

  /** What a row adds. */
  interface Count<T> extends Serializable {
    void of(T row, Tally tally);
  }

  void add(String key, long... amounts) {
    sums.merge(key, amounts, Tally::into);
  }

  /** Adds up {@code rows}: first within each partition, then over all of them. */
  static <T> Map<String, long[]> sum(JavaRDD<T> rows, Count<T> count) {
    return rows.mapPartitionsToPair(partition -> sum(partition, count))
        .reduceByKey(Tally::plus)
        .collectAsMap();
  }

  private static <T> Iterator<Tuple2<String, long[]>> sum(Iterator<T> rows, Count<T> count) {
    Tally tally = new Tally();
    rows.forEachRemaining(row -> count.of(row, tally));
    return tally.sums.entrySet().stream()
        .map(entry -> Tuple2.apply(entry.getKey(), entry.getValue()))
        .iterator();
  }

  private static long[] plus(long[] left, long[] right) {
    return into(left.clone(), right);
  }

  private static long[] into(long[] sum, long[] more) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
    return sum;
  }
}
