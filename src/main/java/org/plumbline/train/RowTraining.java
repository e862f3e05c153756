package org.plumbline.train;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointFolders;
import org.plumbline.config.Settings;
import org.plumbline.stage.Progress;
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
   * @param checkpoint the last checkpoint
   * @param steps updates taken
   * @param last figures of the last update
   */
  public record Outcome(String checkpoint, long steps, Map<String, Double> last) {}

  private final StageContext context;
  private final String name;
  private final TrainingPlan plan;
  private final Objective<E> objective;
  private final Reader<E> reader;
  private final Map<String, Object> pairs;

  /** Training called {@code name}, which is also its folder within the run. */
  public RowTraining(
      StageContext context,
      String name,
      TrainingPlan plan,
      Objective<E> objective,
      Reader<E> reader) {
    this(context, name, plan, objective, reader, Map.of());
  }

  private RowTraining(
      StageContext context,
      String name,
      TrainingPlan plan,
      Objective<E> objective,
      Reader<E> reader,
      Map<String, Object> pairs) {
    this.context = context;
    this.name = name;
    this.plan = plan;
    this.objective = objective;
    this.reader = reader;
    this.pairs = pairs;
  }

  /** The same, whose checkpoints tell that they were trained on {@code identity}. */
  public RowTraining<E> on(Map<String, Object> identity) {
    return new RowTraining<>(context, name, plan, objective, reader, identity);
  }

  /** Trains on {@code rows}, told apart by {@code key}, from the model in {@code start}. */
  public Outcome run(Dataset<Row> rows, String key, String start) {
    Dataset<Row> cached = rows.cache();
    try {
      return train(cached, cached.count(), key, start);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot train " + name + ": " + e.getMessage(), e);
    } finally {
      cached.unpersist();
    }
  }

  private Outcome train(Dataset<Row> rows, long count, String key, String start)
      throws IOException {
    Settings settings = context.settings();
    int ranks = settings.cluster().ranks();
    if (plan.batchSize() < ranks) {
      throw new IllegalArgumentException(
          "Invalid %s.batch-size: %d (must be at least cluster.ranks, %d)"
              .formatted(name, plan.batchSize(), ranks));
    }
    if (count == 0) {
      throw new IllegalArgumentException("Cannot train %s: there are no rows".formatted(name));
    }
    long perEpoch = (count + plan.batchSize() - 1) / plan.batchSize();
    long total = Math.max(1, Math.round(perEpoch * plan.epochs()));
    LearningRate rate = LearningRate.of(plan.learningRate(), plan.optimizer(), total);
    String checkpoints = context.run().at(name + "/checkpoint");
    Map<String, Object> training =
        ResumePoint.training(
            settings.cluster(),
            Map.of(
                "start",
                context.run().within(start),
                "rows",
                count,
                "seed",
                settings.seed(),
                "steps",
                total));
    ResumePoint point = ResumePoint.of(context, checkpoints, training);
    List<Update> resumed = point.updates();
    MetricsLog metrics = new MetricsLog(context, name, point.step() - resumed.size());
    metrics.add(resumed);
    Map<String, Object> state = new TreeMap<>(TrainedPairs.state(pairs));
    state.putAll(ResumePoint.state(training));
    Residence residence = Residence.begin(settings.cluster().resident());
    String from = point.checkpoint().orElse(start);
    Map<String, Double> last = resumed.isEmpty() ? Map.of() : last(resumed);
    long done = point.step();
    try (Progress.Bar bar = context.progress().begin(name, total)) {
      while (done < total) {
        int epoch = (int) (done / perEpoch);
        try (EpochOrder order = new EpochOrder(rows, key, settings.seed(), epoch)) {
          for (long step = done % perEpoch; step < perEpoch && done < total; ) {
            int steps =
                (int) Math.min(plan.stepsPerStage(), Math.min(perEpoch - step, total - done));
            String to = CheckpointFolders.step(checkpoints, done + steps);
            StagePlan stage =
                new StagePlan(
                    name,
                    from,
                    done == 0,
                    to,
                    Math.min((step + steps) * plan.batchSize(), count) - step * plan.batchSize(),
                    settings.seed(),
                    settings.cluster().threads(),
                    settings.model(),
                    rate,
                    plan,
                    state,
                    residence.ending(done + steps == total));
            List<Update> updates = runStage(order, step, stage, ranks);
            metrics.add(updates);
            Checkpoint.keepLast(checkpoints, 2, context.run().configuration());
            from = to;
            step += steps;
            done += steps;
            last = last(updates);
            bar.at(done, "loss %.4f".formatted(last.get(Update.LOSS)));
          }
        }
      }
    }
    return new Outcome(from, done, last);
  }

  private static Map<String, Double> last(List<Update> updates) {
    return updates.get(updates.size() - 1).means();
  }

  private List<Update> runStage(EpochOrder order, long firstStep, StagePlan stage, int ranks) {
    int batch = plan.batchSize();
    long begin = firstStep * batch;
    long end = begin + stage.rows();
    Reader<E> read = reader;
    JavaRDD<Placed<E>> rows =
        order
            .cut(begin, end, batch, ranks)
            .map(row -> new Placed<>((int) ((row._1 - begin) / batch), row._1, read.apply(row._2)));
    return UpdateStage.run(context, rows, stage, objective);
  }
}
