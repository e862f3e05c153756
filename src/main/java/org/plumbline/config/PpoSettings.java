package org.plumbline.config;

import java.io.Serializable;

/** Reinforcement from a reward model: proximal policy optimisation and its relatives. */
public record PpoSettings(
    @Setting(value = "1.41e-5", min = 0, exclusive = true, doc = "peak learning rate")
        double learningRate,
    @Setting(value = "100", min = 1, doc = "rounds of rollout and update") int iterations,
    @Setting(value = "8", min = 1, doc = "completions of one iteration") int batchSize,
    @Setting(value = "1", min = 1, doc = "completions that one update is made of")
        int miniBatchSize,
    @Setting(value = "4", min = 1, doc = "passes over the completions of one iteration") int epochs,
    @Setting(
            value = "advantages",
            oneOf = {"advantages", "best", "pairs"},
            doc =
                "what the policy learns from: every completion by its advantage; the best of each"
                    + " prompt, which it imitates (RAFT); or the best and the worst, as a pair of"
                    + " the direct method that is set (online DPO)")
        String learnFrom,
    @Setting(
            value = "gae",
            oneOf = {"gae", "grpo", "dr-grpo", "rloo", "reinforce++", "reinforce++-baseline"},
            doc = "what a token's reward is compared with; gae has a critic, the others have none")
        String advantageEstimator,
    @Setting(
            value = "1",
            min = 1,
            doc =
                "completions of one prompt, next to which each is judged by all but gae and reinforce++")
        int samplesPerPrompt,
    @Setting(
            value = "0",
            min = 0,
            doc =
                "rollouts that an iteration may add to replace prompts whose completions all earn"
                    + " the same")
        int dynamicSampling,
    @Setting(
            value = "0",
            min = 0,
            max = 1,
            doc =
                "1: the next iteration's completions are drawn while the policy is updated, by the"
                    + " policy as it was before")
        int staleness,
    @Setting(value = "0.2", min = 0, doc = "weight of the KL to the starting policy") double klCoef,
    @Setting(
            value = "reward",
            oneOf = {"reward", "loss"},
            doc = "where the KL is: taken off the token rewards, or added to the loss")
        String klIn,
    @Setting(
            value = "k1",
            oneOf = {"k1", "k2", "k3"},
            doc = "how a token's KL is estimated: q, q^2 / 2 or e^-q - 1 + q")
        String klEstimator,
    @Setting(
            value = "0",
            min = 0,
            doc = "nats a completion that kl-coef is steered to; 0 leaves it as it is")
        double klTarget,
    @Setting(
            value = "10000",
            min = 1,
            doc =
                "completions in which kl-coef changes by a fifth at most, on its way to kl-target")
        int klHorizon,
    @Setting(
            value = "0.2",
            min = 0,
            exclusive = true,
            doc = "the ratio of new to old probability is clipped to 1 +- this")
        double clipRange,
    @Setting(value = "0", min = 0, doc = "how far above 1 the ratio may go; 0: as far as below")
        double clipRangeHigh,
    @Setting(
            value = "0",
            min = 0,
            doc = "most that a ratio counts where the advantage is below 0; 0: no such bound")
        double dualClip,
    @Setting(
            value = "token",
            oneOf = {"token", "sequence"},
            doc = "whose ratio is clipped: each token's, or the completion's, their geometric mean")
        String ratio,
    @Setting(
            value = "token-mean",
            oneOf = {"token-mean", "seq-mean-token-mean", "seq-mean-token-sum", "dr-grpo"},
            doc =
                "what counts the same: tokens, or completions by the mean or the sum of their tokens;"
                    + " dr-grpo divides that sum by generation.max-new-tokens")
        String lossAggregation,
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
    @Setting(value = "0", min = 0, doc = "scores are cut to +- this; 0 leaves them as they are")
        double scoreClip,
    @Setting(
            value = "0",
            min = 0,
            doc = "the last tokens of the limit in which a completion begins to pay for its length")
        int overlongBuffer,
    @Setting(value = "1.0", min = 0, doc = "what a completion at the limit pays for its length")
        double overlongPenalty,
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
    ControlSettings control,
    GenerationSettings generation,
    OptimizerSettings optimizer,
    LoraSettings lora)
    implements Serializable {

  /** How far above 1 the ratio may go. */
  public double clipHigh() {
    return clipRangeHigh == 0 ? clipRange : clipRangeHigh;
  }

  /** Whether values are estimated at all. */
  public boolean hasCritic() {
    return learnFrom.equals("advantages") && advantageEstimator.equals("gae");
  }

  /** Whether the critic is a model of its own. */
  public boolean separateCritic() {
    return hasCritic() && critic.equals("separate");
  }

  /** Whether the KL is a part of the loss, and not of the rewards. */
  public boolean klInLoss() {
    return klIn.equals("loss");
  }
}
