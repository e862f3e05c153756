package org.plumbline.config;

import java.io.Serializable;

/** What is measured at the end. */
public record EvaluateSettings(
    @Setting(value = "", doc = "judge of completions, by name; empty: none") String judge,
    @Setting(value = "200", min = 1, doc = "held-out prompts to complete") int prompts,
    @Setting(value = "", doc = "a prompt whose completions are shown first; empty: none")
        String showcase,
    GenerationSettings generation)
    implements Serializable {}
