package org.plumbline.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.plumbline.cluster.Gang;

/**
 * Weighted sums by name, gathered over micro-batches and ranks, so that means are global whatever
 * the number of ranks.
 */
public final class Sums {
  private record Sum(double total, double count) {
    Sum plus(Sum other) {
      return new Sum(total + other.total, count + other.count);
    }
  }

  private final Map<String, Sum> sums = new TreeMap<>();

  /** Adds {@code total}, the sum of {@code count} things, to {@code name}. */
  public void add(String name, double total, double count) {
    sums.merge(name, new Sum(total, count), Sum::plus);
  }

  /** Adds up over all ranks; every rank must have the same names. */
  void allReduce(Gang gang) throws IOException {
    FloatBuffer buffer;
    ByteBuffer bytes = ByteBuffer.allocateDirect(8 * sums.size()).order(ByteOrder.nativeOrder());
    buffer = bytes.asFloatBuffer();
    sums.values().forEach(sum -> buffer.put((float) sum.total).put((float) sum.count));
    gang.allReduce(bytes);
    buffer.flip();
    sums.replaceAll((name, sum) -> new Sum(buffer.get(), buffer.get()));
  }

  /** How many things {@code name} is the sum of. */
  public double count(String name) {
    return sums.get(name).count;
  }

  /** Every name's mean. */
  public Map<String, Double> means() {
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach((name, sum) -> means.put(name, sum.count == 0 ? 0 : sum.total / sum.count));
    return means;
  }
}
