package org.plumbline.config;

import java.io.Serializable;

/**
 * What is looked for in judgments before anything is learned from them, and what is done about it:
 * {@code report} lists it, {@code drop} also takes it out, {@code off} does not look.
 */
public record HygieneSettings(
    @Setting(
            value = "drop",
            oneOf = {"report", "drop", "off"},
            doc =
                "a judgment that its annotator gave twice: same prompt, responses, order shown and verdict")
        String duplicates,
    @Setting(
            value = "report",
            oneOf = {"report", "drop", "off"},
            doc = "the same where nobody is named, so that it may be two people")
        String anonymousDuplicates,
    @Setting(
            value = "report",
            oneOf = {"report", "drop", "off"},
            doc = "prompts of one side that nearly repeat another; dropped with their judgments")
        String nearPrompts,
    @Setting(
            value = "report",
            oneOf = {"report", "drop", "off"},
            doc =
                "responses to a prompt that are nearly the same; the votes on the two are dropped")
        String nearResponses,
    @Setting(
            value = "report",
            oneOf = {"report", "drop", "off"},
            doc =
                "majorities that go round: A over B over C over A; the votes on those pairs are dropped")
        String cycles,
    @Setting(
            value = "report",
            oneOf = {"report", "drop", "off"},
            doc = "annotators who preferred both sides of a pair; their votes on it are dropped")
        String selfContradictions,
    @Setting(
            value = "drop",
            oneOf = {"report", "drop", "off"},
            doc = "responses of white space only, judged alone or in a pair")
        String emptyResponses,
    @Setting(
            value = "drop",
            oneOf = {"report", "drop", "off"},
            doc = "pairs of equal responses, white space around them aside")
        String identicalResponses,
    @Setting(
            value = "report",
            oneOf = {"report", "drop", "off"},
            doc = "pairs that are equal in their first beginning-words words")
        String identicalBeginnings,
    @Setting(
            value = "report",
            oneOf = {"report", "drop", "off"},
            doc =
                "responses in another script than the prompt's, or the data's where the prompt has none")
        String scriptOutliers,
    @Setting(
            value = "report",
            oneOf = {"report", "drop", "off"},
            doc = "responses far longer or shorter than the middle of all")
        String lengthOutliers,
    @Setting(
            value = "report",
            oneOf = {"report", "drop", "redact", "off"},
            doc =
                "e-mail, phone, account, card, social security numbers and addresses in prompts and responses")
        String personalData,
    @Setting(
            value = "move",
            oneOf = {"move", "drop"},
            doc =
                "judgments to learn from of a prompt that is held out elsewhere: move to the held-out side, or drop")
        String leaks,
    @Setting(
            value = "report",
            oneOf = {"report", "drop", "move", "off"},
            doc = "prompts to learn from that nearly repeat one that is held out")
        String nearLeaks,
    @Setting(
            value = "drop",
            oneOf = {"report", "drop", "off"},
            doc = "prompts to learn from that are in the benchmarks")
        String contamination,
    @Setting(
            value = "512",
            min = 1,
            doc =
                "words that identical-beginnings compares; no fewer than tokens.max-length loses nothing that can be told apart")
        int beginningWords,
    @Setting(
            value = "6",
            min = 0,
            exclusive = true,
            doc =
                "robust standard deviations of log length from the median that make a length outlier")
        double lengthDeviations,
    @Setting(
            value = "US",
            doc =
                "country whose phone numbers are known without a country code, two capital letters")
        String phoneRegion,
    @Setting(
            value = "",
            doc =
                "files of benchmark prompts, commas between them: a prompt a line, or JSON Lines with a field prompt; empty looks for none")
        String benchmarks,
    @Setting(
            value = "13",
            min = 2,
            doc = "words in a row that a prompt shares with a benchmark to be contaminated")
        int benchmarkWords,
    @Setting(
            value = "10",
            min = 1,
            doc = "prompts that share the same words in a row beyond which those are common words")
        int commonPrompts,
    @Setting(value = "5", min = 0, doc = "findings of a kind that are shown as samples")
        int samples,
    NearSettings near)
    implements Serializable {}
