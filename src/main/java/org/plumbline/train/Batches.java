package org.plumbline.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/** Cuts rows into batches of like length, so that little is padded. */
public final class Batches {
  /**
   * What a batch costs besides its rows, in tokens: many small batches pad nothing and keep no
   * processor busy.
   */
  static final int PASS = 64;

  private Batches() {}

  /**
   * Sorts {@code rows} by length and cuts them into batches of {@code most} rows or fewer, such
   * that what the model runs over is least: in each batch as many tokens as rows times the longest,
   * and {@link #PASS} for the batch. The cut depends on the lengths alone.
   */
  public static <T> List<List<T>> of(List<T> rows, int most, ToIntFunction<T> length) {
    List<T> sorted = sorted(rows, length);
    // Of the first n rows: the least cost, and where the last of their batches begins.
    long[] cost = new long[sorted.size() + 1];
    int[] begin = new int[sorted.size() + 1];
    Arrays.fill(cost, 1, cost.length, Long.MAX_VALUE);
    for (int end = 1; end <= sorted.size(); end++) {
      long longest = length.applyAsInt(sorted.get(end - 1));
      for (int from = Math.max(0, end - most); from < end; from++) {
        long total = cost[from] + (end - from) * longest + PASS;
        if (total < cost[end]) {
          cost[end] = total;
          begin[end] = from;
        }
      }
    }
    List<List<T>> batches = new ArrayList<>();
    for (int end = sorted.size(); end > 0; end = begin[end]) {
      batches.add(sorted.subList(begin[end], end));
    }
    Collections.reverse(batches);
    return batches;
  }

  /**
   * Sorts {@code rows} by length and cuts them into batches of {@code size}, the last shorter,
   * whatever is padded: for what depends on how many rows share a batch.
   */
  public static <T> List<List<T>> full(List<T> rows, int size, ToIntFunction<T> length) {
    List<T> sorted = sorted(rows, length);
    List<List<T>> batches = new ArrayList<>();
    for (int from = 0; from < sorted.size(); from += size) {
      batches.add(sorted.subList(from, Math.min(from + size, sorted.size())));
    }
    return batches;
  }

  private static <T> List<T> sorted(List<T> rows, ToIntFunction<T> length) {
    List<T> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingInt(length));
    return sorted;
  }
}
