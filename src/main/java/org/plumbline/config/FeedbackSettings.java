package org.plumbline.config;

import java.io.Serializable;

/** What to read. */
public record FeedbackSettings(
    @Setting(value = "", doc = "feedback: a file, a folder or a glob (.json, .jsonl, also .gz)")
        String input,
    @Setting(
            value = "auto",
            oneOf = {"auto", "plumbline", "hh-rlhf"},
            doc = "how feedback rows are laid out")
        String format,
    @Setting(value = "", doc = "dialogues to imitate, in the project's own layout; may be empty")
        String demonstrations,
    @Setting(
            value = "",
            doc = "prompts to sample from and to evaluate on; empty: those of the feedback")
        String prompts,
    @Setting(
            value = "0.1",
            min = 0,
            max = 1,
            doc = "share of prompts kept for evaluation, by prompt hash")
        double heldOutShare)
    implements Serializable {}
