package org.plumbline.config;

import java.io.Serializable;

/** How completions are sampled. */
public record GenerationSettings(
    @Setting(
            value = "1.0",
            min = 0,
            doc = "divides the logits, in sampling and in scoring; 0 is greedy")
        double temperature,
    @Setting(value = "64", min = 1, doc = "a completion is cut off after this many tokens")
        int maxNewTokens,
    @Setting(value = "32", min = 1, doc = "prompts that are continued side by side") int batchSize)
    implements Serializable {}
