package org.plumbline.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.plumbline.config.PpoSettings;
import org.plumbline.rollout.RewardTerms;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;
import org.plumbline.train.MetricsLog;
import org.plumbline.train.ResumePoint;
import org.plumbline.train.Update;

/**
 * Reinforcement from a reward model, with a KL penalty to the starting policy (Ziegler et al. 2019,
 * arXiv:1909.08593): proximal policy optimisation (Schulman et al. 2017, arXiv:1707.06347), or one
 * of its relatives that compare completions of one prompt instead of asking a critic.
 */
public final class PolicyStage {
  static final String NAME = "ppo";

  /** What its checkpoints keep, so that a resumed run goes on as if it had never stopped. */
  private static final String FIGURES = "figures";

  private static final String NEXT_KL_COEF = "next_kl_coef";
  private static final String BATCHES = "batches";

  private final StageContext context;
  private final PpoSettings settings;
  private final String start;
  private final String reward;

  /**
   * The stage within a run.
   *
   * @param start folder of the policy it starts from, which is also the reference
   * @param reward folder of the run's reward model; empty if it has none and needs none
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
    new RewardTerms(context, reward).check();
    Learners learners = new Learners(context, start, reward);
    ResumePoint point = learners.begin();
    PpoExamples examples = new PpoExamples(settings);
    KlWeight klWeight = KlWeight.of(settings);
    MetricsLog metrics = new MetricsLog(context, NAME, point.step() - 1);
    Map<String, Double> figures = Map.of();
    if (point.step() > 0) {
      figures = point.figures(FIGURES);
      klWeight.resume(figures.get(NEXT_KL_COEF));
      figures.remove(NEXT_KL_COEF);
      figures.putAll(Figures.ofUpdates(learners.learned(point)));
      metrics.add(List.of(new Update(point.step(), figures)));
    }
    try (BatchRollouts batches =
            new BatchRollouts(
                context, start, reward, point.step(), point.state().path(BATCHES).asLong());
        Progress.Bar bar = context.progress().begin(NAME, settings.iterations())) {
      for (int iteration = (int) point.step(); iteration < settings.iterations(); iteration++) {
        // 1. roll out: complete a batch of prompts, score completions, ask the reference
        List<Row> rollouts = batches.next(iteration, learners, examples::score);
        figures = Figures.ofRollouts(rollouts, klWeight.now());
        figures.putAll(Figures.ofGroups(batches.groups(rollouts), examples::score));
        // 2. token rewards, advantages and returns
        List<PpoExample> batch = examples.of(rollouts, klWeight.now());
        klWeight.steer(figures.get("kl"), rollouts.size());
        // 3. update the policy and its critic over the ranks
        Map<String, Double> kept = new TreeMap<>(figures);
        kept.put(NEXT_KL_COEF, klWeight.now());
        Map<String, Object> state = Map.of(FIGURES, kept, BATCHES, batches.batches());
        figures.putAll(Figures.ofUpdates(learners.learn(iteration, batch, state)));
        // 4. tell
        metrics.add(List.of(new Update(iteration + 1L, figures)));
        bar.at(
            iteration + 1,
            "score %.2f, kl %.2f".formatted(figures.get("score"), figures.get("kl")));
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
