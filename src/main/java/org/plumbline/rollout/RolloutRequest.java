package org.plumbline.rollout;

import java.io.Serializable;
import java.util.Optional;
import org.plumbline.config.GenerationSettings;

/**
 * What to sample and what to know of it.
 *
 * @param iteration counts rounds; part of what each draw is keyed by
 * @param sample of a prompt's first completion; tells them apart, and is part of the key too
 * @param samples completions of each prompt, numbered from {@code sample} on
 * @param name of the policy, for the table
 * @param policy folder of the policy
 * @param reference folder of the policy that KL is measured to; empty for no KL
 * @param reward folder of the run's reward model; empty if it has none
 * @param critic folder of the model whose values are wanted: the policy's own for those of its
 *     value head; empty for none
 * @param seed of all draws
 */
public record RolloutRequest(
    int iteration,
    int sample,
    int samples,
    String name,
    String policy,
    String reference,
    String reward,
    String critic,
    GenerationSettings generation,
    long seed)
    implements Serializable {

  Optional<String> referenceFolder() {
    return Optional.of(reference).filter(folder -> !folder.isEmpty());
  }

  /** Whether the policy has a value head whose values are wanted. */
  boolean policyHasValues() {
    return critic.equals(policy);
  }

  /** The folder of a critic of its own. */
  Optional<String> criticFolder() {
    return Optional.of(critic).filter(folder -> !folder.isEmpty() && !policyHasValues());
  }

  /** Log-probabilities need a temperature above 0; what is taken greedily is scored at 1. */
  double scoringTemperature() {
    return generation.temperature() == 0 ? 1 : generation.temperature();
  }
}
