package org.plumbline.policy;

import org.plumbline.config.DpoSettings;
import org.plumbline.config.PpoSettings;
import org.plumbline.config.RewardTerm;
import org.plumbline.config.Settings;
import org.plumbline.direct.DirectMethod;

/** Settings that are each right, but not together. */
final class PpoChecks {
  private final PpoSettings settings;

  private PpoChecks(PpoSettings settings) {
    this.settings = settings;
  }

  /**
   * Looks at all settings of a run.
   *
   * @throws IllegalArgumentException naming the first that does not fit, and to what
   */
  static void require(Settings all) {
    PpoChecks checks = new PpoChecks(all.ppo());
    RewardTerm.requireNamed("ppo.control.gold", all.ppo().control().gold(), all.reward().terms());
    checks.groups();
    checks.kl();
    checks.lengths();
    checks.staleness();
    checks.lessons(all.dpo());
    checks.batches(all.cluster().ranks(), Lesson.of(all));
  }

  private void lessons(DpoSettings dpo) {
    String from = settings.learnFrom();
    require(
        from.equals("advantages") || settings.samplesPerPrompt() > 1,
        "samples-per-prompt",
        settings.samplesPerPrompt(),
        "must be at least 2 for ppo.learn-from=%s",
        from);
    if (from.equals("pairs")) {
      require(
          DirectMethod.unpaired(dpo).isEmpty() && dpo.lengthDesensitized() == 1,
          "learn-from",
          from,
          "must go with a dpo.loss of pairs and a dpo.length-desensitized of 1: they are %s and %s",
          dpo.loss(),
          dpo.lengthDesensitized());
    }
  }

  private void batches(int ranks, Lesson<?> lesson) {
    int mini = settings.miniBatchSize();
    require(
        settings.batchSize() % mini == 0,
        "mini-batch-size",
        mini,
        "must divide ppo.batch-size, %d",
        settings.batchSize());
    int samples = settings.samplesPerPrompt();
    require(
        lesson.count(mini) == mini || mini % samples == 0,
        "mini-batch-size",
        mini,
        "must be a multiple of ppo.samples-per-prompt, %d, for ppo.learn-from=%s",
        samples,
        settings.learnFrom());
    require(
        lesson.count(mini) >= ranks,
        "mini-batch-size",
        mini,
        "must make an example for each of cluster.ranks, %d",
        ranks);
    require(
        settings.generation().temperature() > 0,
        "generation.temperature",
        0,
        "must be > 0, or nothing new is ever tried");
  }

  private void groups() {
    int samples = settings.samplesPerPrompt();
    String estimator = settings.advantageEstimator();
    boolean grouped =
        settings.learnFrom().equals("advantages")
            && AdvantageEstimator.of(settings) instanceof GroupAdvantages;
    require(
        settings.batchSize() % samples == 0,
        "samples-per-prompt",
        samples,
        "must divide ppo.batch-size, %d",
        settings.batchSize());
    require(
        samples > 1 || !grouped,
        "samples-per-prompt",
        samples,
        "must be at least 2 for ppo.advantage-estimator=%s",
        estimator);
    require(
        samples > 1 || settings.dynamicSampling() == 0,
        "dynamic-sampling",
        settings.dynamicSampling(),
        "must be 0 where ppo.samples-per-prompt is 1");
    require(
        grouped || settings.ratio().equals("token"),
        "ratio",
        settings.ratio(),
        "must be token where advantages differ by token, as with ppo.advantage-estimator=%s",
        estimator);
  }

  private void kl() {
    require(
        !settings.klInLoss() || settings.learnFrom().equals("advantages"),
        "kl-in",
        settings.klIn(),
        "must be reward for ppo.learn-from=%s, whose loss has no place for it",
        settings.learnFrom());
    require(
        settings.klTarget() == 0 || !settings.klInLoss(),
        "kl-target",
        settings.klTarget(),
        "must be 0 for ppo.kl-in=loss, where kl-coef is fixed");
  }

  private void staleness() {
    require(
        settings.staleness() == 0 || !settings.control().action().equals("rollback"),
        "staleness",
        settings.staleness(),
        "must be 0 for ppo.control.action=rollback, which has no use for what was drawn ahead");
  }

  private void lengths() {
    int limit = settings.generation().maxNewTokens();
    require(
        settings.overlongBuffer() <= limit,
        "overlong-buffer",
        settings.overlongBuffer(),
        "must be at most ppo.generation.max-new-tokens, %d",
        limit);
    require(
        settings.dualClip() == 0 || settings.dualClip() > 1 + settings.clipHigh(),
        "dual-clip",
        settings.dualClip(),
        "must be 0 or > %s, the most that clipping leaves",
        1 + settings.clipHigh());
  }

  private static void require(
      boolean holds, String key, Object value, String condition, Object... more) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Invalid ppo.%s: %s (%s)".formatted(key, value, condition.formatted(more)));
    }
  }
}
