package org.plumbline.train;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.plumbline.config.EvalSettings;

/**
 * What a stage is to evaluate after its last update, by the ranks that took it and have the model
 * in memory.
 *
 * @param rows held-out rows over all ranks; 0 if this stage evaluates nothing
 * @param metric what the best checkpoint is the best by
 * @param patience evaluations without improvement after which training ends; 0 for never
 * @param best before this stage
 */
public record Evaluation(long rows, String metric, int patience, Best best)
    implements Serializable {
  /** Where nothing is ever evaluated. */
  public static final Evaluation NONE = new Evaluation(0, "", 0, Best.NONE);

  /** What checkpoints call the best so far. */
  static final String BEST = "best";

  static Evaluation of(EvalSettings settings, long rows, Best best) {
    return new Evaluation(rows, settings.metric(), settings.patience(), best);
  }

  /** How many rows rank {@code rank} of {@code world} has. */
  int share(int rank, int world) {
    return Dealing.share(rows, rank, world);
  }

  /** The best after the stage, whose updates these are. */
  Best after(List<Update> updates) {
    return rows == 0 ? best : best.with(updates.get(updates.size() - 1), metric);
  }

  /** Whether no stage is to follow one that took {@code updates}. */
  boolean over(List<Update> updates) {
    return exhausted(after(updates));
  }

  /** Whether patience was at its end before this stage. */
  boolean over() {
    return exhausted(best);
  }

  private boolean exhausted(Best best) {
    return patience > 0 && best.stale() >= patience;
  }

  /** How the stage's checkpoint tells the best so far. */
  Map<String, Object> state(List<Update> updates) {
    return metric.isEmpty() ? Map.of() : Map.of(BEST, after(updates));
  }
}
