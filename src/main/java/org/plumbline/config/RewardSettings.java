package org.plumbline.config;

import java.io.Serializable;
import java.util.List;

/** The reward model. */
public record RewardSettings(
    @Setting(value = "1e-4", min = 0, exclusive = true, doc = "peak learning rate")
        double learningRate,
    @Setting(value = "32", min = 1, doc = "rows of one update, over all ranks") int batchSize,
    @Setting(value = "32", min = 1, doc = "rows of one forward and backward pass, at most")
        int microBatchSize,
    @Setting(value = "1", min = 0, exclusive = true, doc = "passes over the training rows")
        double epochs,
    @Setting(value = "50", min = 1, doc = "updates between two checkpoints, one Spark stage each")
        int stepsPerStage,
    @Setting(
            value = "bradley-terry",
            oneOf = {"bradley-terry", "plackett-luce", "binary", "regression"},
            doc =
                "of pairs, of whole rankings, or of single responses: acceptable or not"
                    + " (tokens/unpaired), or rated (tokens/ratings)")
        String loss,
    @Setting(
            value = "pair",
            oneOf = {"pair", "prompt"},
            doc =
                "what a row is: a pair, or all pairs of a prompt, which run each response once and"
                    + " count as their mean")
        String batchBy,
    @Setting(
            value = "0",
            min = 0,
            doc = "weight of the squared sum of scores, which keeps scores near 0")
        double centering,
    @Setting(
            value = "0",
            min = 0,
            doc =
                "responses to other prompts that each chosen response is compared with; may be a"
                    + " fraction")
        double crossPromptPairs,
    @Setting(
            value = "0.9",
            min = 0.5,
            max = 1,
            doc = "how likely a response is better than one to another prompt")
        double crossPromptProbability,
    @Setting(
            value = "1",
            min = 1,
            doc = "models to train, each in another order: an ensemble, from 2 on")
        int members,
    @Setting(
            value = "mean",
            oneOf = {"mean", "worst", "uncertainty"},
            doc =
                "what an ensemble says: the mean, the least, or the mean less its standard deviation"
                    + " times uncertainty-coef")
        String combine,
    @Setting(value = "1", min = 0, doc = "combine uncertainty: what disagreement costs")
        double uncertaintyCoef,
    @Setting(
            value = "false",
            doc = "also score the pairs that are learned from, in reward/train_scores")
        boolean scoreTrain,
    @Setting(
            value = "[]",
            doc =
                "what a completion earns, the sum of these; none: what the reward model says of it")
        List<RewardTerm> terms,
    EvalSettings eval,
    OptimizerSettings optimizer,
    LoraSettings lora)
    implements RowTrainingSettings, Serializable {
  /** Names the terms that have no name. */
  public RewardSettings {
    terms = RewardTerm.named(terms);
  }
}
