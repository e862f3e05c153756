package org.plumbline.rollout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.chat.ChatTemplate;
import org.plumbline.model.Compute;
import org.plumbline.stage.Resources;
import org.plumbline.stage.StageContext;
import org.plumbline.stage.TaskTimes;
import scala.Tuple2;

/** Samples completions across executors, in an ordinary Spark stage. */
public final class Rollouts {
  private Rollouts() {}

  /**
   * Completions of {@code prompts}, as rows of the rollouts table; lazy, and the same however often
   * Spark works them out. Batches are cut by position, so they do not depend on the number of
   * tasks; completions of one prompt lie next to each other.
   *
   * @param prompts rows of the prompt tokens table with their positions, as {@code terms} need them
   * @param terms that completions earn
   */
  public static Dataset<Row> of(
      StageContext context,
      JavaPairRDD<Long, Row> prompts,
      RolloutRequest request,
      RewardTerms terms) {
    long batchSize = request.generation().batchSize();
    boolean texts = terms.needTexts();
    RolloutTask task =
        new RolloutTask(
            request,
            terms.models(),
            context.settings().cluster().threads(),
            Compute.named(context.settings().model().compute()),
            ChatTemplate.of(
                context.settings().tokens().chatTemplate(),
                request.policy(),
                context.run().configuration()),
            new SerializableConfiguration(context.run().configuration()),
            context.times().of(TaskTimes.Work.GENERATE),
            context.times().of(TaskTimes.Work.SCORE));
    JavaRDD<Row> rows =
        prompts
            .flatMap(prompt -> samples(prompt._1, prompt._2, request, texts).iterator())
            .mapToPair(prompt -> new Tuple2<>(prompt._1 / batchSize, prompt))
            .groupByKey(context.settings().cluster().rolloutTasks())
            .flatMap(batch -> task.run(inOrder(batch._2)).iterator());
    Resources.give(rows, context.settings().cluster().rollout(), "cluster.rollout");
    return terms.addTo(context.spark().createDataFrame(rows, RewardTerms.SCHEMA));
  }

  /**
   * So many tasks that draw {@code completions}, in batches of {@code batchSize}, work at the same
   * time.
   */
  public static int sideBySide(StageContext context, long completions, int batchSize) {
    long batches = (completions + batchSize - 1) / batchSize;
    int slots = context.spark().sparkContext().defaultParallelism();
    return (int) Math.min(batches, Math.min(slots, context.settings().cluster().rolloutTasks()));
  }

  /** {@code prompts}, rows of the prompt tokens table, with their positions. */
  public static JavaPairRDD<Long, Row> numbered(Dataset<Row> prompts) {
    return prompts.javaRDD().zipWithIndex().mapToPair(row -> new Tuple2<>(row._2, row._1));
  }

  /** One for each completion that is wanted, with its own position. */
  private static List<Tuple2<Long, Prompt>> samples(
      long position, Row prompt, RolloutRequest request, boolean texts) {
    return IntStream.range(0, request.samples())
        .mapToObj(
            i ->
                new Tuple2<>(
                    position * request.samples() + i,
                    Prompt.of(prompt, request.sample() + i, texts)))
        .toList();
  }

  private static List<Prompt> inOrder(Iterable<Tuple2<Long, Prompt>> batch) {
    List<Tuple2<Long, Prompt>> sorted = new ArrayList<>();
    batch.forEach(sorted::add);
    sorted.sort(Comparator.comparing(Tuple2::_1));
    return sorted.stream().map(Tuple2::_2).toList();
  }
}
