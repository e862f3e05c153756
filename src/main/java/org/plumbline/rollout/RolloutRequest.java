package org.plumbline.rollout;

import java.io.Serializable;
import java.util.Optional;
import org.plumbline.config.GenerationSettings;

/**
 * What to sample and what to know of it.
 *
 * @param iteration counts rounds; part of what each draw is keyed by
 * @param name of the policy, for the table
 * @param policy folder of the policy
 * @param reference folder of the policy that KL is measured to; empty for no KL
 * @param reward folder of the reward model; empty for no scores
 * @param values whether the policy has a value head whose values are wanted
 * @param seed of all draws
 */
public record RolloutRequest(
    int iteration,
    String name,
    String policy,
    String reference,
    String reward,
    boolean values,
    GenerationSettings generation,
    long seed)
    implements Serializable {

  Optional<String> referenceFolder() {
    return Optional.of(reference).filter(folder -> !folder.isEmpty());
  }

  Optional<String> rewardFolder() {
    return Optional.of(reward).filter(folder -> !folder.isEmpty());
  }

  /** Log-probabilities need a temperature above 0; what is taken greedily is scored at 1. */
  double scoringTemperature() {
    return generation.temperature() == 0 ? 1 : generation.temperature();
  }
}
