package org.plumbline.curate.bias;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Sums by key, in one pass over all elements. Real numbers are rounded to 2^-24 before they are
 * added, so that sums come out the same in whatever order elements come.
 */
public final class Sums<K> {
  private static final double UNIT = 1 << 24;

  private final Map<K, long[]> sums = new HashMap<>();

  /** What an element adds. */
  public interface Count<K, T> extends Serializable {
    /** Adds what there is of {@code element} to {@code sums}. */
    void of(T element, Sums<K> sums);
  }

  /** Adds to what {@code key} has. */
  public void add(K key, long... amounts) {
    sums.merge(key, amounts, Sums::into);
  }

  void add(K key, double[] amounts) {
    long[] rounded = new long[amounts.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = Math.round(amounts[i] * UNIT);
    }
    add(key, rounded);
  }

  /** Whole numbers, as they were added. */
  public static <K, T> Map<K, long[]> whole(JavaRDD<T> elements, Count<K, T> count) {
    return elements
        .mapPartitionsToPair(partition -> sum(partition, count))
        .reduceByKey(Sums::plus)
        .collectAsMap();
  }

  /** Real numbers. */
  static <K, T> Map<K, double[]> real(JavaRDD<T> elements, Count<K, T> count) {
    Map<K, double[]> real = new HashMap<>();
    whole(elements, count)
        .forEach(
            (key, sum) -> {
              double[] values = new double[sum.length];
              for (int i = 0; i < values.length; i++) {
                values[i] = sum[i] / UNIT;
              }
              real.put(key, values);
            });
    return real;
  }

  private static <K, T> Iterator<Tuple2<K, long[]>> sum(Iterator<T> elements, Count<K, T> count) {
    Sums<K> own = new Sums<>();
    elements.forEachRemaining(element -> count.of(element, own));
    return own.sums.entrySet().stream()
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
