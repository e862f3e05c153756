package org.plumbline.agreement;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * A table of sums, a row for each worker, over all items of all partitions. Amounts are rounded to
 * billionths and added as whole numbers: the sums are the same bits in whatever order they come.
 *
 * <p>Rows travel in blocks, and only blocks that a partition has touched: 100,000 workers need not
 * be sent by a partition that has seen ten.
 */
final class Sums {
  private static final int BLOCK = 256;
  private static final double UNIT = 1e9;

  private final int width;
  private final Map<Integer, long[]> blocks = new HashMap<>();

  private Sums(int width) {
    this.width = width;
  }

  /** What an item adds. */
  interface Contribution<T> extends Serializable {
    void of(T item, Sums sums);
  }

  void add(int row, int column, double amount) {
    blocks
            .computeIfAbsent(row / BLOCK, block -> new long[BLOCK * width])[
            row % BLOCK * width + column] +=
        Math.round(amount * UNIT);
  }

  /** The sums, shape [rows * width], on the driver. */
  static <T> double[] over(JavaRDD<T> items, int rows, int width, Contribution<T> contribution) {
    double[] sums = new double[rows * width];
    items
        .mapPartitionsToPair(partition -> sum(partition, width, contribution))
        .reduceByKey(Sums::plus)
        .collect()
        .forEach(block -> put(block._1() * BLOCK * width, block._2(), sums));
    return sums;
  }

  /** The same of items that are all here. */
  static <T> double[] over(List<T> items, int rows, int width, Contribution<T> contribution) {
    double[] sums = new double[rows * width];
    sum(items.iterator(), width, contribution)
        .forEachRemaining(block -> put(block._1() * BLOCK * width, block._2(), sums));
    return sums;
  }

  private static <T> Iterator<Tuple2<Integer, long[]>> sum(
      Iterator<T> items, int width, Contribution<T> contribution) {
    Sums sums = new Sums(width);
    items.forEachRemaining(item -> contribution.of(item, sums));
    return sums.blocks.entrySet().stream()
        .map(block -> Tuple2.apply(block.getKey(), block.getValue()))
        .iterator();
  }

  private static void put(int start, long[] block, double[] sums) {
    for (int i = 0; i < block.length && start + i < sums.length; i++) {
      sums[start + i] = block[i] / UNIT;
    }
  }

  private static long[] plus(long[] left, long[] right) {
    long[] sum = left.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += right[i];
    }
    return sum;
  }
}
