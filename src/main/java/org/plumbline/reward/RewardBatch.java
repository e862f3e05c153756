package org.plumbline.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.plumbline.model.Sequence;
import org.plumbline.model.TokenBatch;

/**
 * The responses of some prompts side by side, and M comparisons of them: those of pairs first, then
 * those with responses to other prompts.
 *
 * @param tokens a row a response
 * @param better [M] int64, the row of the response that should score higher
 * @param worse [M] int64, the row of the other
 * @param probability [M] that it should
 * @param weight [M]; all pairs of a prompt weigh as much as one
 * @param pairs how many comparisons are of pairs
 * @param rankings whole rankings, by their number of responses; what they rank has no weight as
 *     pairs
 */
record RewardBatch(
    TokenBatch tokens,
    NDArray better,
    NDArray worse,
    NDArray probability,
    NDArray weight,
    int pairs,
    List<Rankings> rankings) {
  /**
   * Rankings of as many responses each.
   *
   * @param rows [N, K] int64, rows of responses, the best first
   * @param weight [N]
   */
  record Rankings(NDArray rows, NDArray weight) {}

  /**
   * Lays out {@code examples} in arrays of {@code manager}.
   *
   * @param ranking whether responses that the pairs of a prompt put into one order, three or more,
   *     are ranked as a whole
   */
  static RewardBatch of(List<Comparisons> examples, boolean ranking, NDManager manager) {
    Layout layout = new Layout();
    examples.forEach(example -> layout.add(example, ranking));
    List<Line> lines = new ArrayList<>(layout.pairs);
    lines.addAll(layout.cross);
    return new RewardBatch(
        TokenBatch.of(layout.sequences, manager),
        manager.create(lines.stream().mapToLong(Line::better).toArray()),
        manager.create(lines.stream().mapToLong(Line::worse).toArray()),
        floats(lines.stream().mapToDouble(Line::probability).toArray(), manager),
        floats(lines.stream().mapToDouble(Line::weight).toArray(), manager),
        layout.pairs.size(),
        layout.rankings.values().stream().map(all -> rankings(all, manager)).toList());
  }

  /** A comparison of two rows. */
  private record Line(long better, long worse, double probability, double weight) {}

  /** Rows from the best to the worst. */
  private record Ranked(long[] rows, double weight) {}

  private static final class Layout {
    private final List<Sequence> sequences = new ArrayList<>();
    private final List<Line> pairs = new ArrayList<>();
    private final List<Line> cross = new ArrayList<>();
    private final Map<Integer, List<Ranked>> rankings = new TreeMap<>();

    void add(Comparisons example, boolean ranking) {
      int from = sequences.size();
      example.responses().forEach(ids -> sequences.add(new Sequence(example.prompt(), ids)));
      double share = 1.0 / example.pairs().size();
      List<Integer> order = ranking && example.own() > 2 ? example.ranking() : List.of();
      if (!order.isEmpty()) {
        long[] rows = order.stream().mapToLong(place -> from + place).toArray();
        double weight =
            example.pairs().stream().mapToDouble(Comparisons.Comparison::weight).sum() * share;
        rankings.computeIfAbsent(rows.length, k -> new ArrayList<>()).add(new Ranked(rows, weight));
      }
      example.pairs().forEach(each -> pairs.add(line(each, from, order.isEmpty() ? share : 0)));
      example.cross().forEach(each -> cross.add(line(each, from, share)));
    }

    private static Line line(Comparisons.Comparison each, int from, double share) {
      return new Line(
          from + each.better(), from + each.worse(), each.probability(), each.weight() * share);
    }
  }

  private static Rankings rankings(List<Ranked> all, NDManager manager) {
    long[][] rows = all.stream().map(Ranked::rows).toArray(long[][]::new);
    return new Rankings(
        manager.create(rows), floats(all.stream().mapToDouble(Ranked::weight).toArray(), manager));
  }

  private static NDArray floats(double[] values, NDManager manager) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return manager.create(floats);
  }
}
