package org.plumbline.config;

import java.io.Serializable;

/** What is planted in the small world for checks of curation to find; nothing unless asked for. */
public record FaultSettings(
    @Setting(
            value = "0",
            min = 0,
            max = 1,
            doc = "share of annotators who are right about as often as a coin")
        double unreliable,
    @Setting(value = "0", min = 0, doc = "spammers beside the annotators") int spammers,
    @Setting(value = "0", min = 0, max = 1, doc = "share of judgments that are there twice")
        double duplicates,
    @Setting(value = "0", min = 0, doc = "people who prefer A to B, B to C and C to A") int cycles,
    @Setting(
            value = "0",
            min = 0,
            doc = "held-out prompts in training feedback, every other reworded")
        int leaks,
    @Setting(value = "0", min = 0, doc = "replies with an address or a number of somebody's")
        int personalData,
    @Setting(value = "0", min = 0, max = 1, doc = "share of comparisons whose right answer is told")
        double gold)
    implements Serializable {}
