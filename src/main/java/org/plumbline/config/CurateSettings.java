package org.plumbline.config;

import java.io.Serializable;

/** From judgments to pairs. */
public record CurateSettings(
    @Setting(
            value = "one-coin",
            oneOf = {"majority", "one-coin", "dawid-skene", "bradley-terry"},
            doc = "how votes become probabilities")
        String method,
    @Setting(
            value = "0.85",
            min = 0.5,
            max = 1,
            exclusive = true,
            doc = "accuracy expected of an annotator before anything is known")
        double annotatorAccuracy,
    @Setting(value = "10", min = 0, doc = "how many judgments that expectation is worth")
        double annotatorPrior,
    @Setting(
            value = "10",
            min = 1,
            doc = "rounds of expectation-maximisation over pairs and annotators")
        int iterations,
    @Setting(
            value = "0.5",
            min = 0.5,
            max = 1,
            doc = "pairs less sure than this are dropped and counted")
        double minProbability,
    @Setting(
            value = "equal",
            oneOf = {"equal", "by-prompt"},
            doc =
                "what counts the same in losses: every pair, or every prompt, whose pairs share it")
        String weights,
    @Setting(
            value = "64",
            min = 2,
            doc = "responses of a prompt that are compared, those judged most often")
        int maxResponses,
    @Setting(
            value = "1000000",
            min = 1,
            doc = "votes of a prompt, each counted as the judgments in it")
        long maxVotes,
    @Setting(
            value = "false",
            doc = "whether judgments of flagged annotators are left out, and counted")
        boolean excludeFlagged,
    SpamSettings spam,
    HygieneSettings hygiene,
    BiasSettings bias)
    implements Serializable {

  /** Whether the pairs of a prompt share one weight. */
  public boolean weightsByPrompt() {
    return weights.equals("by-prompt");
  }
}
