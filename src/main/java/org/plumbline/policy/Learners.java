package org.plumbline.policy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.config.LoraSettings;
import org.plumbline.config.PpoSettings;
import org.plumbline.stage.StageContext;
import org.plumbline.train.TrainedPairs;
import org.plumbline.train.Update;

/**
 * What learns: the policy, and its critic if it has one, which is a head on the policy or a model
 * of its own. Both take the same mini-batches in the same order.
 */
final class Learners {
  private final StageContext context;
  private final PpoUpdates updates;
  private final PpoUpdates.Learner actor;
  private final Optional<PpoUpdates.Learner> critic;
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
    this.updates = new PpoUpdates(context, TrainedPairs.of(reward, context.run()));
    this.actor =
        new PpoUpdates.Learner(
            PolicyStage.NAME,
            context.run().at(PolicyStage.NAME + "/checkpoint"),
            settings.hasCritic() && !separate
                ? PpoObjective.of(settings)
                : ActorObjective.of(settings),
            settings.learningRate(),
            settings.lora());
    this.critic = separate ? Optional.of(critic(context, settings)) : Optional.empty();
    this.policy = start;
    this.values = settings.criticStart().equals("reward") ? reward : start;
  }

  private static PpoUpdates.Learner critic(StageContext context, PpoSettings settings) {
    LoraSettings all =
        new LoraSettings(
            0,
            settings.lora().alpha(),
            settings.lora().rankStabilized(),
            settings.lora().targetModules());
    return new PpoUpdates.Learner(
        PolicyStage.NAME + " critic",
        context.run().at(PolicyStage.NAME + "/critic"),
        CriticObjective.of(settings),
        settings.criticLearningRate(),
        all);
  }

  /** Removes checkpoints of an earlier run. */
  void clear() throws IOException {
    Checkpoint.delete(context.run().at(PolicyStage.NAME + "/checkpoint"), configuration());
    Checkpoint.delete(context.run().at(PolicyStage.NAME + "/critic"), configuration());
  }

  /** Folder of the policy as it is. */
  String policy() {
    return policy;
  }

  /**
   * Folder of the model that estimates values: the policy's own if its trunk is shared, or none.
   */
  String critic() {
    return critic.isPresent() ? values : context.settings().ppo().hasCritic() ? policy : "";
  }

  /** One iteration's updates of all. */
  List<Update> learn(int iteration, List<PpoExample> batch) throws IOException {
    List<Update> steps = new ArrayList<>(updates.run(actor, iteration, policy, batch));
    policy = keep(actor, iteration);
    if (critic.isPresent()) {
      List<Update> more = updates.run(critic.get(), iteration, values, batch);
      values = keep(critic.get(), iteration);
      for (int i = 0; i < steps.size(); i++) {
        steps.set(i, Figures.withCritic(steps.get(i), more.get(i)));
      }
    }
    return steps;
  }

  private String keep(PpoUpdates.Learner learner, int iteration) throws IOException {
    Checkpoint.keepLast(learner.checkpoints(), 2, configuration());
    return learner.after(iteration + 1L);
  }

  private Configuration configuration() {
    return context.run().configuration();
  }
}
