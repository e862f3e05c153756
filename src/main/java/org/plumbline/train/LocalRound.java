package org.plumbline.train;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.stage.Resources;
import org.plumbline.stage.StageContext;
import org.plumbline.stage.TaskTimes;

/**
 * A round of steps that workers take each by itself, after which their changes are averaged
 * (DiLoCo, Douillard et al. 2023, arXiv:2311.08105, algorithm 1). Workers are the tasks of an
 * ordinary Spark stage: they need not run at the same time, one that is lost is done again alone,
 * and executors may come and go.
 */
final class LocalRound {
  private LocalRound() {}

  /**
   * What a worker did.
   *
   * @param files of the checkpoint that it has finished
   */
  record Local(int worker, byte[] files, List<Update> updates) implements Serializable {}

  /** The same as of {@link UpdateStage#run}; figures are means over workers. */
  static <E extends Example> List<Update> run(
      StageContext context, JavaRDD<Placed<E>> rows, StagePlan plan, Objective<E> objective)
      throws IOException {
    SerializableConfiguration configuration =
        new SerializableConfiguration(context.run().configuration());
    int workers = context.settings().cluster().ranks();
    Checkpoint.delete(plan.to(), context.run().configuration());
    List<Local> locals =
        new ArrayList<>(
            rows.mapPartitionsWithIndex(
                    new LocalSteps<>(
                        plan,
                        objective,
                        workers,
                        configuration,
                        context.times().of(TaskTimes.Work.UPDATE)),
                    true)
                .collect());
    List<Update> updates = means(locals);
    OuterStep outer =
        new OuterStep(
            plan, objective.head(), context.settings().cluster().outer(), updates, configuration);
    JavaRDD<List<Local>> round =
        JavaSparkContext.fromSparkContext(context.spark().sparkContext())
            .parallelize(List.of(locals), 1);
    Resources.give(round, context.settings().cluster().update(), "cluster.update");
    round.foreach(outer);
    return updates;
  }

  private static List<Update> means(List<Local> locals) {
    Map<Long, Map<String, List<Double>>> byStep = new TreeMap<>();
    for (Local local : locals) {
      for (Update update : local.updates()) {
        Map<String, List<Double>> figures =
            byStep.computeIfAbsent(update.step(), step -> new TreeMap<>());
        update
            .means()
            .forEach(
                (name, value) -> figures.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
      }
    }
    List<Update> means = new ArrayList<>();
    byStep.forEach(
        (step, figures) -> {
          Map<String, Double> all = new LinkedHashMap<>();
          figures.forEach(
              (name, values) ->
                  all.put(
                      name, values.stream().mapToDouble(Double::doubleValue).average().orElse(0)));
          means.add(new Update(step, all));
        });
    return means;
  }
}
