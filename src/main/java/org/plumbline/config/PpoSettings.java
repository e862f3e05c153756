package org.plumbline.config;

import java.io.Serializable;

/** Proximal policy optimisation with a KL penalty. */
public record PpoSettings(
    @Setting(value = "1.41e-5", min = 0, exclusive = true, doc = "peak learning rate")
        double learningRate,
    @Setting(value = "100", min = 1, doc = "rounds of rollout and update") int iterations,
    @Setting(value = "8", min = 1, doc = "completions of one iteration") int batchSize,
    @Setting(value = "1", min = 1, doc = "completions of one update") int miniBatchSize,
    @Setting(value = "4", min = 1, doc = "passes over the completions of one iteration") int epochs,
    @Setting(value = "0.2", min = 0, doc = "weight of the KL penalty in the token rewards")
        double klCoef,
    @Setting(
            value = "0.2",
            min = 0,
            exclusive = true,
            doc = "the ratio of new to old probability is clipped to 1 +- this")
        double clipRange,
    @Setting(
            value = "0.2",
            min = 0,
            exclusive = true,
            doc = "a value moves at most this far from its old one")
        double clipRangeValue,
    @Setting(value = "0.1", min = 0, doc = "weight of the value loss, where the trunk is shared")
        double vfCoef,
    @Setting(value = "0.01", min = 0, doc = "weight of the entropy bonus") double entropyCoef,
    @Setting(value = "1.0", min = 0, max = 1, doc = "discount of later rewards") double gamma,
    @Setting(value = "0.95", min = 0, max = 1, doc = "lambda of generalised advantage estimation")
        double lam,
    @Setting(value = "0", min = 0, doc = "taken from the score of a completion that was cut off")
        double missingEosPenalty,
    @Setting(
            value = "shared",
            oneOf = {"shared", "separate"},
            doc =
                "what estimates values: a head on the policy's own trunk, or a model of its own,"
                    + " all of whose weights are trained")
        String critic,
    @Setting(
            value = "reward",
            oneOf = {"reward", "policy"},
            doc =
                "what a separate critic begins as: the reward model with its head, or the starting"
                    + " policy's trunk with a head of zeros")
        String criticStart,
    @Setting(
            value = "1.41e-5",
            min = 0,
            exclusive = true,
            doc = "peak learning rate of a separate critic")
        double criticLearningRate,
    GenerationSettings generation,
    OptimizerSettings optimizer,
    LoraSettings lora)
    implements Serializable {

  /** Whether the critic is a model of its own. */
  public boolean separateCritic() {
    return critic.equals("separate");
  }
}
