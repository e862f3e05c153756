package org.plumbline.config;

import java.io.Serializable;

/** Rules by which annotators are flagged. */
public record SpamSettings(
    @Setting(
            value = "20",
            min = 1,
            doc = "judgments that a rule must rest on before anybody is flagged by it")
        int minJudgments,
    @Setting(value = "2", min = 0, doc = "seconds below which a judgment is too fast")
        double fastSeconds,
    @Setting(value = "0.5", min = 0, max = 1, doc = "share of judgments that may be too fast")
        double maxFastShare,
    @Setting(value = "50", min = 2, doc = "how often in a row an answer may be the same")
        int maxStreak,
    @Setting(value = "0.6", min = 0, max = 1, doc = "least accuracy on gold questions")
        double minGoldAccuracy,
    @Setting(value = "0.55", min = 0, max = 1, doc = "least agreement with others; chance is 0.5")
        double minAgreement,
    @Setting(
            value = "0.95",
            min = 0.5,
            max = 1,
            doc = "share of votes that may go to the same place on the page")
        double maxSamePosition)
    implements Serializable {}
