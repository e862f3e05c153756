package org.plumbline.train;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
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

    double mean() {
      return count == 0 ? 0 : total / count;
    }
  }

  private final Map<String, Sum> sums = new TreeMap<>();

  /** Adds {@code total}, the sum of {@code count} things, to {@code name}. */
  public void add(String name, double total, double count) {
    sums.merge(name, new Sum(total, count), Sum::plus);
  }

  /** Adds up over all ranks, in order of rank; one that had no examples has no names either. */
  void gather(Gang gang) throws IOException {
    List<byte[]> all = gang.exchange(encode());
    sums.clear();
    for (byte[] ofRank : all) {
      decode(ofRank);
    }
  }

  private byte[] encode() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (Map.Entry<String, Sum> sum : sums.entrySet()) {
      out.writeUTF(sum.getKey());
      out.writeDouble(sum.getValue().total);
      out.writeDouble(sum.getValue().count);
    }
    return bytes.toByteArray();
  }

  private void decode(byte[] ofRank) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(ofRank));
    while (in.available() > 0) {
      add(in.readUTF(), in.readDouble(), in.readDouble());
    }
  }

  /** How many things {@code name} is the sum of. */
  public double count(String name) {
    Sum sum = sums.get(name);
    return sum == null ? 0 : sum.count;
  }

  /** The mean of {@code name}; 0 of nothing. */
  public double mean(String name) {
    Sum sum = sums.get(name);
    return sum == null ? 0 : sum.mean();
  }

  /** Every name's mean. */
  public Map<String, Double> means() {
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach((name, sum) -> means.put(name, sum.mean()));
    return means;
  }
}
