package org.plumbline.config;

import java.io.Serializable;

/** What to ask people next. */
public record PlanSettings(
    @Setting(value = "500", min = 1, doc = "judgments to ask for, gold questions included")
        int judgments,
    @Setting(
            value = "0.9",
            min = 0.5,
            max = 1,
            exclusive = true,
            doc = "how often a pair's more probable side should be the right one")
        double certainty,
    @Setting(value = "3", min = 1, doc = "most judgments of one pair in a batch") int maxPerPair,
    @Setting(
            value = "uncertainty",
            oneOf = {"uncertainty", "disagreement"},
            doc =
                "which pairs come first: those of the least sure, or those reward models differ on")
        String rank,
    @Setting(
            value = "",
            doc = "disagreement: score tables of two or more reward models, with commas between")
        String scores,
    @Setting(
            value = "0.05",
            min = 0,
            max = 1,
            doc = "share of the judgments that are gold questions")
        double goldShare,
    @Setting(
            value = "0.55",
            min = 0,
            max = 1,
            doc = "annotators less reliable than this are not asked")
        double minReliability)
    implements Serializable {}
