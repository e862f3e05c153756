package org.plumbline.agreement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;

/**
 * Cohen's kappa of every two of those who answered most.
 *
 * @param workers how many of them
 * @param pairs whose kappa is defined: with an item in common, and not always one label
 */
public record PairwiseKappas(int workers, List<Pair> pairs) {
  private static final int MOST_WORKERS = 50;

  /** Cells of all tables of two workers. */
  private static final int MOST_CELLS = 1 << 22;

  /** Two workers' kappa. */
  public record Pair(String first, String second, double kappa) {}

  /**
   * Measures {@code items}.
   *
   * @param workers who answered
   * @param classes how many labels there are
   */
  public static PairwiseKappas of(JavaRDD<LabelledItem> items, Workers workers, int classes) {
    int most = Math.min(MOST_WORKERS, (int) Math.sqrt(MOST_CELLS) / classes);
    int[] busiest = busiest(items, workers.size(), most);
    List<Pair> pairs = new ArrayList<>();
    CohenKappa.pairwise(items, classes, busiest)
        .forEach(
            (two, kappa) ->
                pairs.add(
                    new Pair(name(workers, two.first()), name(workers, two.second()), kappa)));
    return new PairwiseKappas(busiest.length, pairs);
  }

  /** Numbers of the workers with the most answers, rising; of equals those whose name is first. */
  private static int[] busiest(JavaRDD<LabelledItem> items, int workers, int most) {
    double[] answers =
        Sums.over(
            items,
            workers,
            1,
            (item, sums) -> {
              for (int worker : item.workers()) {
                sums.add(worker, 0, 1);
              }
            });
    return IntStream.range(1, answers.length)
        .boxed()
        .sorted(Comparator.comparingDouble(worker -> -answers[worker]))
        .limit(most)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  private static String name(Workers workers, int worker) {
    return workers.name(worker).orElseThrow();
  }

  /** Mean, least and greatest. */
  public DoubleSummaryStatistics summary() {
    return pairs.stream().mapToDouble(Pair::kappa).summaryStatistics();
  }
}
