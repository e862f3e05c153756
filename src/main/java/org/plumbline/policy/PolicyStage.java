package org.plumbline.policy;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointFolders;
import org.plumbline.config.PpoSettings;
import org.plumbline.rollout.RolloutRequest;
import org.plumbline.rollout.Rollouts;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PromptTokensTable;
import org.plumbline.table.RolloutsTable;
import org.plumbline.table.Split;
import org.plumbline.train.MetricsLog;
import org.plumbline.train.TrainedPairs;
import org.plumbline.train.Update;

/**
 * Proximal policy optimisation against a reward model, with a KL penalty to the starting policy
 * (Ziegler et al. 2019, arXiv:1909.08593; Schulman et al. 2017, arXiv:1707.06347).
 */
public final class PolicyStage {
  private static final String NAME = "ppo";

  private final StageContext context;
  private final PpoSettings settings;
  private final String start;
  private final String reward;

  /**
   * The stage within a run.
   *
   * @param start folder of the policy it starts from, which is also the reference
   * @param reward folder of the reward model
   */
  public PolicyStage(StageContext context, String start, String reward) {
    this.context = context;
    this.settings = context.settings().ppo();
    this.start = start;
    this.reward = reward;
  }

  /**
   * What the stage did.
   *
   * @param checkpoint the aligned policy
   * @param completions sampled in all
   * @param score mean score of the last iteration
   * @param kl mean KL of the last iteration's completions to the start, in nats a completion
   */
  public record Result(
      String checkpoint, int iterations, long completions, double score, double kl) {}

  /** Runs all iterations. */
  public Result execute() {
    try {
      return train();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot train policy: " + e.getMessage(), e);
    }
  }

  private Result train() throws IOException {
    String checkpoints = context.run().at(NAME + "/checkpoint");
    // Settings that cannot be come to light before anything is deleted.
    PpoUpdates updates =
        new PpoUpdates(context, checkpoints, TrainedPairs.of(reward, context.run()));
    Checkpoint.delete(checkpoints, context.run().configuration());
    startTable();
    MetricsLog metrics = new MetricsLog(context, NAME);
    PpoExamples examples = new PpoExamples(settings);
    String policy = start;
    Map<String, Double> figures = Map.of();
    try (PromptCycle prompts = new PromptCycle(context, prompts(), settings.batchSize());
        Progress.Bar bar = context.progress().begin(NAME, settings.iterations())) {
      for (int iteration = 0; iteration < settings.iterations(); iteration++) {
        // 1. roll out: complete a batch of prompts, score completions, ask the reference
        List<Row> rollouts = rollOut(prompts, iteration, policy);
        // 2. token rewards, advantages and returns
        List<PpoExample> batch = examples.of(rollouts);
        // 3. update the policy and its value head over the ranks
        List<Update> steps = updates.run(iteration, policy, batch);
        policy = CheckpointFolders.step(checkpoints, iteration + 1L);
        Checkpoint.keepLast(checkpoints, 2, context.run().configuration());
        // 4. tell
        figures = new TreeMap<>(Figures.ofUpdates(steps));
        figures.putAll(Figures.ofRollouts(rollouts, settings.klCoef()));
        metrics.add(List.of(new Update(iteration + 1L, figures)));
        bar.at(
            iteration + 1,
            "score %.2f, kl %.2f".formatted(figures.get("score"), figures.get("kl")));
      }
    }
    return new Result(
        policy,
        settings.iterations(),
        (long) settings.iterations() * settings.batchSize(),
        figures.get("score"),
        figures.get("kl"));
  }

  private Dataset<Row> prompts() {
    return PromptTokensTable.TABLE
        .read(context.spark(), context.run().at("tokens/prompts"))
        .where(col("split").equalTo(Split.TRAIN));
  }

  private List<Row> rollOut(PromptCycle prompts, int iteration, String policy) {
    context.spark().sparkContext().setJobDescription("ppo: rollout " + iteration);
    RolloutRequest request =
        new RolloutRequest(
            iteration,
            1,
            NAME,
            policy,
            start,
            reward,
            true,
            settings.generation(),
            context.settings().seed());
    Dataset<Row> rollouts = Rollouts.of(context, prompts.next(iteration), request).persist();
    try {
      RolloutsTable.TABLE.append(rollouts, context.run().at(NAME + "/rollouts"));
      return rollouts.orderBy("prompt_id", "sample").collectAsList();
    } finally {
      rollouts.unpersist();
    }
  }

  private void startTable() {
    RolloutsTable.TABLE.write(
        context.spark().createDataFrame(List.<Row>of(), RolloutsTable.TABLE.schema()),
        context.run().at(NAME + "/rollouts"));
  }
}
