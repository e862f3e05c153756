package org.plumbline.policy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.config.LoraSettings;
import org.plumbline.config.PpoSettings;
import org.plumbline.stage.StageContext;
import org.plumbline.train.ResumePoint;
import org.plumbline.train.TrainedPairs;
import org.plumbline.train.Update;

/**
 * What learns: the policy, and its critic if it has one, which is a head on the policy or a model
 * of its own. Both take the same mini-batches in the same order.
 */
final class Learners {
  private final StageContext context;
  private final PpoUpdates updates;
  private final PpoUpdates.Learner<?> actor;
  private final Optional<PpoUpdates.Learner<PpoExample>> critic;
  private final Map<String, Object> training;
  private final String start;
  private final String firstValues;
  private String policy;
  private String values;

  /**
   * Before the first iteration; nothing is read or written yet.
   *
   * @throws IllegalArgumentException if settings do not go together
   */
  Learners(StageContext context, String start, String reward) {
    PpoSettings settings = context.settings().ppo();
    boolean separate = settings.separateCritic();
    this.context = context;
    this.updates =
        new PpoUpdates(
            context, reward.isEmpty() ? Map.of() : TrainedPairs.stateOf(reward, context.run()));
    this.actor =
        new PpoUpdates.Learner<>(
            PolicyStage.NAME,
            context.run().at(PolicyStage.NAME + "/checkpoint"),
            Lesson.of(context.settings()),
            settings.learningRate(),
            settings.lora());
    this.critic = separate ? Optional.of(critic(context, settings)) : Optional.empty();
    this.training =
        ResumePoint.training(
            context.settings().cluster(),
            Map.of(
                "start",
                context.run().within(start),
                "reward",
                context.run().within(reward),
                "seed",
                context.settings().seed(),
                "iterations",
                settings.iterations()));
    this.policy = start;
    if (separate && reward.isEmpty() && settings.criticStart().equals("reward")) {
      throw new IllegalArgumentException(
          "Invalid ppo.critic-start: reward (must be policy where the run has no reward model)");
    }
    this.start = start;
    this.firstValues = settings.criticStart().equals("reward") ? reward : start;
    this.values = firstValues;
  }

  private static PpoUpdates.Learner<PpoExample> critic(StageContext context, PpoSettings settings) {
    LoraSettings all =
        new LoraSettings(
            0,
            settings.lora().alpha(),
            settings.lora().rankStabilized(),
            settings.lora().targetModules());
    return new PpoUpdates.Learner<>(
        PolicyStage.NAME + " critic",
        context.run().at(PolicyStage.NAME + "/critic"),
        new PpoExamples(settings, CriticObjective.of(settings)),
        settings.criticLearningRate(),
        all);
  }

  /**
   * Goes on where an interrupted run left off, if it is to be resumed and left something; else
   * checkpoints of an earlier run are removed.
   */
  ResumePoint begin() throws IOException {
    ResumePoint point = ResumePoint.of(context, actor.checkpoints(), training);
    point.checkpoint().ifPresent(folder -> policy = folder);
    if (critic.isPresent() && point.step() > 0) {
      // The critic learns first, so it may be an iteration ahead, which it then takes again.
      values = critic.get().after(point.step());
      ResumePoint.at(Optional.of(values), training, configuration());
    } else {
      Checkpoint.delete(context.run().at(PolicyStage.NAME + "/critic"), configuration());
    }
    return point;
  }

  /** Goes back to what all were after so many iterations. */
  void rollBack(long iterations) {
    policy = actor.after(iterations);
    values = critic.map(each -> each.after(iterations)).orElse(values);
  }

  /**
   * All at one time.
   *
   * @param policy its folder
   * @param critic folder of the model that estimates values: the policy's own if its trunk is
   *     shared; empty if there is none
   */
  record Version(String policy, String critic) {}

  /** Folder of the policy as it is. */
  String policy() {
    return policy;
  }

  /** All as they are. */
  Version version() {
    return version(policy, values);
  }

  /** All as they were after so many iterations, of which there is a checkpoint still, or none. */
  Version version(long iterations) {
    return iterations == 0
        ? version(start, firstValues)
        : version(
            actor.after(iterations), critic.map(each -> each.after(iterations)).orElse(values));
  }

  private Version version(String policy, String values) {
    boolean shared = critic.isEmpty() && context.settings().ppo().hasCritic();
    return new Version(policy, critic.isPresent() ? values : shared ? policy : "");
  }

  /**
   * One iteration's updates of all.
   *
   * @param klCoef weight of the KL, where it is a part of what completions earn
   * @param rate multiplies learning rates
   * @param best iterations that the checkpoint has taken which is to stay; 0 for none
   * @param state that the policy's checkpoint is to keep, for {@link #begin}
   */
  List<Update> learn(
      int iteration,
      List<Row> rollouts,
      double klCoef,
      double rate,
      long best,
      Map<String, Object> state)
      throws IOException {
    Map<String, Object> told = new TreeMap<>(state);
    told.putAll(ResumePoint.state(training));
    List<Update> more = List.of();
    if (critic.isPresent()) {
      more = updates.run(critic.get(), iteration, values, rollouts, klCoef, rate, told);
      values = keep(critic.get(), iteration, best);
    }
    List<Update> steps = updates.run(actor, iteration, policy, rollouts, klCoef, rate, told);
    policy = keep(actor, iteration, best);
    return withCritic(steps, more);
  }

  /** The last iteration's updates of all, after {@link #begin} has found one. */
  List<Update> learned(ResumePoint point) throws IOException {
    return critic.isPresent()
        ? withCritic(
            point.updates(),
            ResumePoint.at(Optional.of(values), training, configuration()).updates())
        : point.updates();
  }

  private static List<Update> withCritic(List<Update> steps, List<Update> critic) {
    return critic.isEmpty()
        ? steps
        : IntStream.range(0, steps.size())
            .mapToObj(i -> Figures.withCritic(steps.get(i), critic.get(i)))
            .toList();
  }

  private String keep(PpoUpdates.Learner<?> learner, int iteration, long best) throws IOException {
    // What completions were drawn by last is judged by the next iteration's figures at the latest.
    int kept = 2 + context.settings().ppo().staleness();
    Checkpoint.keepLast(learner.checkpoints(), kept, best, configuration());
    return learner.after(iteration + 1L);
  }

  private Configuration configuration() {
    return context.run().configuration();
  }
}
