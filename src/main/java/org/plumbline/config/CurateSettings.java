package org.plumbline.config;

import java.io.Serializable;

/** From judgments to pairs. */
public record CurateSettings(
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
    HygieneSettings hygiene)
    implements Serializable {}
