package org.plumbline.train;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.ClusterSettings;
import org.plumbline.config.EvalSettings;
import org.plumbline.stage.StageContext;

/**
 * Trains a model on the rows of a table: epochs of global batches, cut into Spark stages of a few
 * steps each, with a checkpoint after every stage.
 *
 * @param <E> what a row becomes
 */
public final class RowTraining<E extends Example> {
  /** Turns a row into an example, on an executor. */
  public interface Reader<E> extends Function<Row, E>, Serializable {}

  /**
   * What training left.
   *
   * @param checkpoint the best checkpoint on held-out rows, if it was evaluated; else the last
   * @param steps updates taken
   * @param last figures of the last update
   * @param heldOut what evaluation found of the checkpoint; empty if there was none
   */
  public record Outcome(
      String checkpoint, long steps, Map<String, Double> last, Map<String, Double> heldOut) {}

  private static final EvalSettings NEVER = new EvalSettings(0, Update.LOSS, 0);

  /** What differs from training to training, besides the rows. */
  record Work<E extends Example>(
      String name, TrainingPlan plan, Objective<E> objective, Reader<E> reader) {}

  private final StageContext context;
  private final Work<E> work;
  private final Map<String, Object> facts;
  private final EvalSettings eval;
  private final Dataset<Row> heldOut; // null if nothing is evaluated

  /** Training called {@code name}, which is also its folder within the run. */
  public RowTraining(
      StageContext context,
      String name,
      TrainingPlan plan,
      Objective<E> objective,
      Reader<E> reader) {
    this(context, new Work<>(name, plan, objective, reader), Map.of(), NEVER, null);
  }

  private RowTraining(
      StageContext context,
      Work<E> work,
      Map<String, Object> facts,
      EvalSettings eval,
      Dataset<Row> heldOut) {
    this.context = context;
    this.work = work;
    this.facts = facts;
    this.eval = eval;
    this.heldOut = heldOut;
  }

  /** The same, whose checkpoints tell that they were trained on pairs of {@code identity}. */
  public RowTraining<E> on(Map<String, Object> identity) {
    return telling(TrainedPairs.state(identity));
  }

  /** The same of single responses. */
  public RowTraining<E> onUnpaired(Map<String, Object> identity) {
    return telling(TrainedPairs.unpairedState(identity));
  }

  /** The same of ratings. */
  public RowTraining<E> onRatings(Map<String, Object> identity) {
    return telling(TrainedPairs.ratingsState(identity));
  }

  private RowTraining<E> telling(Map<String, Object> more) {
    Map<String, Object> all = new TreeMap<>(facts);
    all.putAll(more);
    return new RowTraining<>(context, work, all, eval, heldOut);
  }

  /** The same, evaluated on {@code rows}, like those to train on, as {@code settings} say. */
  public RowTraining<E> evaluated(EvalSettings settings, Dataset<Row> rows) {
    return new RowTraining<>(context, work, facts, settings, rows);
  }

  /** Trains on {@code rows}, told apart by {@code key}, from the model in {@code start}. */
  public Outcome run(Dataset<Row> rows, String key, String start) {
    Dataset<Row> cached = rows.cache();
    try {
      return train(cached, key, start);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot train " + work.name() + ": " + e.getMessage(), e);
    } finally {
      cached.unpersist();
    }
  }

  private Outcome train(Dataset<Row> rows, String key, String start) throws IOException {
    long count = rows.count();
    check(count);
    if (eval.every() == 0) {
      return course(rows, key, count).run(start, facts);
    }
    try (EpochOrder order = new EpochOrder(heldOut, key, context.settings().seed(), 0)) {
      long held = order.count();
      require(held > 0, "eval.every", eval.every(), "0, as there are no held-out rows");
      return course(rows, key, count).evaluating(order, held).run(start, facts);
    }
  }

  private RowCourse<E> course(Dataset<Row> rows, String key, long count) {
    Schedule schedule = Schedule.of(work.plan(), count, eval.every());
    return new RowCourse<>(context, work, schedule, eval, rows, key);
  }

  private void check(long count) {
    ClusterSettings cluster = context.settings().cluster();
    require(
        work.plan().batchSize() >= cluster.ranks(),
        "batch-size",
        work.plan().batchSize(),
        "at least cluster.ranks, " + cluster.ranks());
    require(
        eval.every() == 0 || !cluster.localRounds(),
        "eval.every",
        eval.every(),
        "0 where cluster.mode is local-rounds");
    require(
        eval.every() > 0 || eval.patience() == 0,
        "eval.patience",
        eval.patience(),
        "0 where %s.eval.every is 0".formatted(work.name()));
    if (cluster.asyncCheckpoints() && (cluster.localRounds() || !cluster.resident())) {
      throw new IllegalArgumentException(
          "Invalid cluster.async-checkpoints: true (must be false where cluster.%s)"
              .formatted(cluster.resident() ? "mode is local-rounds" : "resident is false"));
    }
    if (count == 0) {
      throw new IllegalArgumentException(
          "Cannot train %s: there are no rows".formatted(work.name()));
    }
  }

  private void require(boolean holds, String setting, int value, String must) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Invalid %s.%s: %d (must be %s)".formatted(work.name(), setting, value, must));
    }
  }

  static Map<String, Double> last(List<Update> updates) {
    return updates.get(updates.size() - 1).means();
  }
}
