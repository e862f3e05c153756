package org.plumbline.agreement;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;

/**
 * By how much two workers agree beyond chance: (p_o - p_e) / (1 - p_e), where p_o is the share of
 * items with the same label and p_e what it would be if labels were drawn by each worker's own
 * habits (Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
 * Measurement 20, 1960).
 */
public final class CohenKappa {
  private CohenKappa() {}

  /** Two workers. */
  public record Between(int first, int second) implements Comparable<Between> {
    @Override
    public int compareTo(Between other) {
      return first != other.first
          ? Integer.compare(first, other.first)
          : Integer.compare(second, other.second);
    }
  }

  /**
   * Of a table of counts.
   *
   * @param counts shape [C, C]: items that the first worker gave the row's label, and the second
   *     the column's
   * @return NaN if there are no items, or both always gave one and the same label
   */
  public static double of(double[][] counts) {
    int classes = counts.length;
    double[] first = new double[classes];
    double[] second = new double[classes];
    double same = 0;
    double all = 0;
    for (int i = 0; i < classes; i++) {
      same += counts[i][i];
      for (int j = 0; j < classes; j++) {
        first[i] += counts[i][j];
        second[j] += counts[i][j];
        all += counts[i][j];
      }
    }
    double chance = 0;
    for (int c = 0; c < classes; c++) {
      chance += first[c] * second[c] / (all * all);
    }
    return (same / all - chance) / (1 - chance);
  }

  /** Of every two of {@code workers} (numbers, as many as you like to wait for squared). */
  static Map<Between, Double> pairwise(JavaRDD<LabelledItem> items, int classes, int[] workers) {
    Map<Integer, Integer> places = new TreeMap<>();
    for (int i = 0; i < workers.length; i++) {
      places.put(workers[i], i);
    }
    int n = workers.length;
    double[] sums =
        Sums.over(
            items, n * n, classes * classes, (item, table) -> count(item, places, classes, table));
    Map<Between, Double> kappas = new TreeMap<>();
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        double[][] counts = new double[classes][classes];
        for (int c = 0; c < classes * classes; c++) {
          counts[c / classes][c % classes] = sums[(i * n + j) * classes * classes + c];
        }
        double kappa = of(counts);
        if (!Double.isNaN(kappa)) {
          kappas.put(new Between(workers[i], workers[j]), kappa);
        }
      }
    }
    return kappas;
  }

  private static void count(
      LabelledItem item, Map<Integer, Integer> places, int classes, Sums sums) {
    // Of the answers to an item, which may be many, only those of these workers are compared.
    int[] known =
        IntStream.range(0, item.size())
            .filter(answer -> places.containsKey(item.workers()[answer]))
            .toArray();
    for (int a : known) {
      int i = places.get(item.workers()[a]);
      for (int b : known) {
        int j = places.get(item.workers()[b]);
        if (i < j) {
          sums.add(i * places.size() + j, item.labels()[a] * classes + item.labels()[b], 1);
        }
      }
    }
  }
}
