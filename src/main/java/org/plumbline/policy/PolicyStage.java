package org.plumbline.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.plumbline.config.PpoSettings;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;
import org.plumbline.train.MetricsLog;
import org.plumbline.train.Update;

/**
 * Reinforcement from a reward model, with a KL penalty to the starting policy (Ziegler et al. 2019,
 * arXiv:1909.08593): proximal policy optimisation (Schulman et al. 2017, arXiv:1707.06347), or one
 * of its relatives that compare completions of one prompt instead of asking a critic.
 */
public final class PolicyStage {
  static final String NAME = "ppo";

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
    // Settings that cannot be come to light before anything is deleted.
    PpoChecks.require(settings, context.settings().cluster().ranks());
    Learners learners = new Learners(context, start, reward);
    learners.clear();
    MetricsLog metrics = new MetricsLog(context, NAME);
    PpoExamples examples = new PpoExamples(settings);
    KlWeight klWeight = KlWeight.of(settings);
    Map<String, Double> figures = Map.of();
    try (BatchRollouts batches = new BatchRollouts(context, start, reward);
        Progress.Bar bar = context.progress().begin(NAME, settings.iterations())) {
      for (int iteration = 0; iteration < settings.iterations(); iteration++) {
        // 1. roll out: complete a batch of prompts, score completions, ask the reference
        List<Row> rollouts = batches.next(iteration, learners, examples::score);
        // 2. token rewards, advantages and returns
        List<PpoExample> batch = examples.of(rollouts, klWeight.now());
        // 3. update the policy and its critic over the ranks
        List<Update> steps = learners.learn(iteration, batch);
        // 4. tell
        figures = new TreeMap<>(Figures.ofUpdates(steps));
        figures.putAll(Figures.ofRollouts(rollouts, klWeight.now()));
        figures.putAll(Figures.ofGroups(batches.groups(rollouts), examples::score));
        metrics.add(List.of(new Update(iteration + 1L, figures)));
        bar.at(
            iteration + 1,
            "score %.2f, kl %.2f".formatted(figures.get("score"), figures.get("kl")));
        klWeight.steer(figures.get("kl"), rollouts.size());
      }
      return new Result(
          learners.policy(),
          settings.iterations(),
          batches.completions(),
          figures.get("score"),
          figures.get("kl"));
    }
  }
}
