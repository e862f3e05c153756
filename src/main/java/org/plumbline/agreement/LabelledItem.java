package org.plumbline.agreement;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * One item with everything that was said of it, as numbers only. The i-th answer is {@code
 * labels[i]} by {@code workers[i]} with {@code weights[i]}; answers lie in one order whatever order
 * they came in, so that sums over them are the same bits in every run.
 *
 * @param id the item's
 * @param workers numbers of {@link Workers}
 * @param labels from 0
 * @param weights in [0, 1]
 * @param truth the label that is known to be right; null if none is
 */
@SuppressWarnings("ArrayRecordComponent") // Ten million answers; nobody compares items.
public record LabelledItem(String id, int[] workers, int[] labels, double[] weights, Integer truth)
    implements Serializable {
  private record Numbered(int worker, int label, double weight) {}

  private static final Comparator<Numbered> ORDER =
      Comparator.comparingInt(Numbered::worker)
          .thenComparingInt(Numbered::label)
          .thenComparingDouble(Numbered::weight);

  /** An item whose answers' workers are all among {@code workers}. */
  public static LabelledItem of(String id, List<Answer> answers, Workers workers) {
    List<Numbered> sorted =
        answers.stream()
            .map(a -> new Numbered(workers.number(a.worker()), a.label(), a.weight()))
            .sorted(ORDER)
            .toList();
    return new LabelledItem(
        id,
        sorted.stream().mapToInt(Numbered::worker).toArray(),
        sorted.stream().mapToInt(Numbered::label).toArray(),
        sorted.stream().mapToDouble(Numbered::weight).toArray(),
        null);
  }

  /** The same item, whose right label is known to be {@code label}: fits believe it. */
  public LabelledItem knowing(int label) {
    return new LabelledItem(id, workers, labels, weights, label);
  }

  /** What a fit believes of the label: {@code posterior}, shape [C], unless the truth is known. */
  double[] believed(int classes, Supplier<double[]> posterior) {
    return truth == null ? posterior.get() : LogSpace.known(truth, classes);
  }

  /** How many answers there are. */
  public int size() {
    return workers.length;
  }
}
