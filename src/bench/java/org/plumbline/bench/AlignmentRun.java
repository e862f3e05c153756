package org.plumbline.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.plumbline.config.SettingsReader;
import org.plumbline.policy.PolicyStage;
import org.plumbline.prefer.PreferStage;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.table.MetricsTable;
import org.plumbline.table.PairTokensTable;
import org.plumbline.table.PromptTokensTable;

/**
 * Methods on made-up tokens, as their jobs run them.
 *
 * @param work the run's folder, of which {@code reward} is the reward model
 * @param model Hugging Face folder, with weights and a tokenizer
 * @param tasks side by side
 * @param threads native threads of each
 * @param sets settings on top of those that make the run
 */
record AlignmentRun(
    SparkSession spark, Path work, Path model, int tasks, int threads, List<String> sets) {
  private static final int ROLLOUTS = 32;
  private static final int PROMPT = 32;
  private static final int COMPLETION = 128;
  private static final int PAIRS = 8;
  private static final int HALF = 128; // tokens of a pair's prompt, and of each response
  private static final int WORDS = 1000; // of the vocabulary's, from the second on
  private static final int STAGES = 3;

  private StageContext context(StageWatch watch, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "model.path=" + model.toUri(),
                "cluster.ranks=" + tasks,
                "cluster.rollout-tasks=" + tasks,
                "cluster.threads=" + threads));
    all.addAll(List.of(more));
    all.addAll(sets);
    return new StageContext(
        spark,
        new RunFolder(work.toUri().toString(), spark.sparkContext().hadoopConfiguration()),
        SettingsReader.read(List.of(), all),
        watch);
  }

  /** Where the time of each iteration but the first went, in seconds by name. */
  List<Map<String, Double>> ppo(int iterations) {
    StageContext context =
        context(
            new StageWatch(),
            "reward.terms=[{name: worth, model: '%s'}]".formatted(work.resolve("reward").toUri()),
            "ppo.iterations=" + iterations,
            "ppo.batch-size=" + ROLLOUTS,
            "ppo.mini-batch-size=8",
            "ppo.epochs=4",
            "ppo.generation.batch-size=" + ROLLOUTS / tasks,
            "ppo.generation.min-new-tokens=" + COMPLETION,
            "ppo.generation.max-new-tokens=" + COMPLETION);
    SplittableRandom random = new SplittableRandom(1);
    List<Row> prompts = new ArrayList<>();
    for (int i = 0; i < ROLLOUTS * iterations; i++) {
      prompts.add(RowFactory.create("%016x".formatted(i + 1L), ids(random, PROMPT), "train"));
    }
    PromptTokensTable.TABLE.append(spark, prompts, context.run().at("tokens/prompts"));
    new PolicyStage(context, model.toUri().toString(), "").execute();
    Map<Long, Map<String, Double>> times =
        MetricsTable.bySteps(MetricsTable.TABLE.read(spark, context.run().at("ppo/times")));
    return times.values().stream().skip(1).toList();
  }

  /** Pairs a second of a stage of so many steps, its checkpoint included. */
  double dpo(int steps) {
    StageWatch watch = new StageWatch();
    StageContext context =
        context(
            watch,
            "dpo.batch-size=" + PAIRS,
            "dpo.micro-batch-size=" + PAIRS,
            "dpo.epochs=1",
            "dpo.steps-per-stage=" + steps);
    SplittableRandom random = new SplittableRandom(2);
    List<Row> pairs = new ArrayList<>();
    for (int i = 0; i < STAGES * steps * PAIRS; i++) {
      String id = "%016x".formatted(i + 1L);
      int[] prompt = ids(random, HALF);
      int[] chosen = ids(random, HALF);
      int[] rejected = ids(random, HALF);
      pairs.add(RowFactory.create(id, id, prompt, chosen, rejected, 1.0, 1.0, "train"));
    }
    PairTokensTable.TABLE.append(spark, pairs, context.run().at("tokens/pairs"));
    new PreferStage(context, model.toUri().toString()).execute();
    return steps * PAIRS / watch.last();
  }

  private static int[] ids(SplittableRandom random, int count) {
    return random.ints(count, 1, WORDS).toArray();
  }
}
