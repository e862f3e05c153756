package org.plumbline.config;

import java.io.Serializable;

/** AdamW and what surrounds it. */
public record OptimizerSettings(
    @Setting(value = "0.9", min = 0, max = 1, doc = "decay of the gradient mean") double beta1,
    @Setting(value = "0.999", min = 0, max = 1, doc = "decay of the squared gradient mean")
        double beta2,
    @Setting(value = "1e-8", min = 0, exclusive = true, doc = "added to the denominator")
        double epsilon,
    @Setting(value = "0", min = 0, doc = "decoupled weight decay") double weightDecay,
    @Setting(
            value = "1.0",
            min = 0,
            exclusive = true,
            doc = "gradients are scaled down to this global norm")
        double maxGradNorm,
    @Setting(value = "0", min = 0, doc = "steps over which the learning rate rises from 0")
        int warmupSteps,
    @Setting(
            value = "linear",
            oneOf = {"constant", "linear", "cosine"},
            doc = "what the learning rate does after the warm-up")
        String schedule,
    @Setting(
            value = "5",
            min = 0,
            doc =
                "steps in a row whose gradient is not finite, which are skipped, before training"
                    + " fails")
        int maxSkippedSteps)
    implements Serializable {}
