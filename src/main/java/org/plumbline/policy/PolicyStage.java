package org.plumbline.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.plumbline.rollout.RewardTerms;
import org.plumbline.stage.StageContext;

/**
 * Reinforcement from a reward model, with a KL penalty to the starting policy (Ziegler et al. 2019,
 * arXiv:1909.08593): proximal policy optimisation (Schulman et al. 2017, arXiv:1707.06347), or one
 * of its relatives that compare completions of one prompt instead of asking a critic.
 */
public final class PolicyStage {
  static final String NAME = "ppo";

  private final StageContext context;
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
    this.start = start;
    this.reward = reward;
  }

  /**
   * What the stage did.
   *
   * @param checkpoint the aligned policy: the last one, or by {@code ppo.control.gold} the best
   * @param completions sampled in all
   * @param score mean score of the last iteration
   * @param kl mean KL of the last iteration's completions to the start, in nats a completion
   * @param ended why training ended early; empty if it did not
   */
  public record Result(
      String checkpoint,
      long iterations,
      long completions,
      double score,
      double kl,
      String ended) {}

  /** Runs all iterations. */
  public Result execute() {
    // Settings that cannot be come to light before anything is deleted.
    PpoChecks.require(context.settings());
    new RewardTerms(context, reward).check();
    try (PolicyCourse course = new PolicyCourse(context, start, reward)) {
      return course.run();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot train policy: " + e.getMessage(), e);
    }
  }
}
