package org.plumbline.config;

import java.io.Serializable;
import java.util.List;

/**
 * How completions are sampled. Whatever is left out in sampling, completions are scored by all that
 * the policy could have said: importance ratios and KL are those of the plain policy.
 */
public record GenerationSettings(
    @Setting(
            value = "1.0",
            min = 0,
            doc = "divides the logits, in sampling and in scoring; 0 is greedy")
        double temperature,
    @Setting(value = "64", min = 1, doc = "a completion is cut off after this many tokens")
        int maxNewTokens,
    @Setting(value = "32", min = 1, doc = "prompts that are continued side by side") int batchSize,
    @Setting(value = "0", min = 0, doc = "no completion ends before this many tokens by itself")
        int minNewTokens,
    @Setting(
            value = "0",
            min = 0,
            doc = "only this many most probable tokens can be drawn, in sampling alone; 0 for all")
        int topK,
    @Setting(
            value = "1.0",
            min = 0,
            max = 1,
            doc =
                "only the most probable tokens that have this probability together can be drawn,"
                    + " in sampling alone; 1 for all")
        double topP,
    @Setting(
            value = "0",
            min = 0,
            max = 1,
            doc =
                "only tokens with this part of the greatest probability can be drawn, in sampling"
                    + " alone; 0 for all")
        double minP,
    @Setting(
            value = "1.0",
            min = 0,
            exclusive = true,
            doc =
                "divides positive logits and multiplies negative ones of tokens that were there"
                    + " already, in sampling alone; 1 for none")
        double repetitionPenalty,
    @Setting(
            value = "[]",
            doc =
                "texts that end a completion: its text ends before the first of them, its tokens"
                    + " with the one that completed it")
        List<String> stop)
    implements Serializable {

  /** Checks what bounds of single settings cannot. */
  public GenerationSettings {
    stop = List.copyOf(stop);
    if (stop.contains("")) {
      throw new IllegalArgumentException("Invalid generation.stop: '' (must not be empty)");
    }
    if (minNewTokens > maxNewTokens) {
      throw new IllegalArgumentException(
          "Invalid generation.min-new-tokens: %d (must be at most max-new-tokens, %d)"
              .formatted(minNewTokens, maxNewTokens));
    }
  }

  /** The same, but always the most probable token. */
  public GenerationSettings greedy() {
    return new GenerationSettings(
        0, maxNewTokens, batchSize, minNewTokens, topK, topP, minP, repetitionPenalty, stop);
  }
}
