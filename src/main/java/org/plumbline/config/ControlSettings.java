package org.plumbline.config;

import java.io.Serializable;

/** What the reinforcement loop is watched by, and what follows when it goes astray. */
public record ControlSettings(
    @Setting(
            value = "",
            doc =
                "the term of the reward that is nearest to the truth; the checkpoint at which it is"
                    + " highest is what comes out; empty: none, and the last one does")
        String gold,
    @Setting(value = "3", min = 1, doc = "iterations that gold and score are averaged over")
        int window,
    @Setting(
            value = "0.1",
            min = 0,
            max = 1,
            doc = "share of its gain that gold may lose while the score rises")
        double goldLoss,
    @Setting(
            value = "50",
            min = 0,
            exclusive = true,
            doc = "most KL to the start, in nats a completion")
        double maxKl,
    @Setting(value = "0.01", min = 0, doc = "least entropy, in nats a token") double minEntropy,
    @Setting(
            value = "1000",
            min = 0,
            exclusive = true,
            doc = "greatest mean gradient norm, before clipping")
        double maxGradNorm,
    @Setting(value = "1000", min = 0, exclusive = true, doc = "greatest value loss")
        double maxValueLoss,
    @Setting(
            value = "0.8",
            min = 0,
            max = 1,
            doc = "greatest share of tokens whose ratio is clipped")
        double maxClipFraction,
    @Setting(
            value = "warn",
            oneOf = {"warn", "stop", "rollback"},
            doc =
                "what follows when a bound is left: a warning; the end of training; or going on"
                    + " from the best checkpoint at half the learning rate")
        String action,
    @Setting(value = "3", min = 0, doc = "rollbacks after which training ends instead")
        int maxRollbacks)
    implements Serializable {}
