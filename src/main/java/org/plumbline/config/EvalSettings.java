package org.plumbline.config;

import java.io.Serializable;

/** Evaluation on held-out rows while training goes on. */
public record EvalSettings(
    @Setting(
            value = "0",
            min = 0,
            doc =
                "updates between evaluations on held-out rows, whose best checkpoint is what comes"
                    + " out; 0 for none")
        int every,
    @Setting(
            value = "loss",
            oneOf = {"loss", "accuracy", "margin"},
            doc = "what the best checkpoint is the best by; sft has the loss only")
        String metric,
    @Setting(
            value = "0",
            min = 0,
            doc = "evaluations without improvement after which training ends early; 0 for never")
        int patience)
    implements Serializable {}
