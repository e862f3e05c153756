package org.plumbline.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.cluster.GangOptions;
import org.plumbline.cluster.Gangs;
import org.plumbline.cluster.Wire;
import org.plumbline.stage.Resources;
import org.plumbline.stage.StageContext;
import org.plumbline.stage.TaskTimes;

/** One Spark stage that takes some optimizer steps: from one checkpoint to the next. */
public final class UpdateStage {
  private UpdateStage() {}

  /**
   * Runs the stage.
   *
   * @param rows one partition a rank, behind a shuffle; every rank has a part of every step
   * @return one update a step
   */
  public static <E extends Example> List<Update> run(
      StageContext context, JavaRDD<Placed<E>> rows, StagePlan plan, Objective<E> objective) {
    return run(context, rows, plan, objective, null);
  }

  /**
   * The same, whose checkpoint is written while training goes on.
   *
   * @param aside how; null if it is to be there when the stage ends
   * @return no update if the ranks do not have what the stage starts from in memory, and the
   *     checkpoint of it is still in the making
   */
  static <E extends Example> List<Update> run(
      StageContext context,
      JavaRDD<Placed<E>> rows,
      StagePlan plan,
      Objective<E> objective,
      Aside aside) {
    Resources.give(rows, context.settings().cluster().update(), "cluster.update");
    context
        .spark()
        .sparkContext()
        .setJobDescription("%s: %d updates".formatted(plan.name(), plan.steps()));
    if (context.settings().cluster().localRounds()) {
      try {
        return LocalRound.run(context, rows, plan, objective);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "Cannot train %s: %s".formatted(plan.name(), e.getMessage()), e);
      }
    }
    SerializableConfiguration configuration =
        new SerializableConfiguration(context.run().configuration());
    int ranks = context.settings().cluster().ranks();
    Duration deadline = Duration.ofSeconds(context.settings().cluster().deadline());
    return Gangs.run(
        rows,
        ranks,
        new GangOptions(deadline, Wire.named(context.settings().cluster().wire())),
        new StepTask<>(
            plan, objective, aside, configuration, context.times().of(TaskTimes.Work.UPDATE)));
  }
}
