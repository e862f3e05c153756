package org.plumbline.config;

import java.io.Serializable;

/** From text to token ids. */
public record TokensSettings(
    @Setting(
            value = "dialogue",
            oneOf = {"dialogue", "plain"},
            doc = "how turns become text")
        String chatTemplate,
    @Setting(value = "512", min = 8, doc = "tokens of prompt and response together") int maxLength,
    @Setting(value = "256", min = 4, doc = "tokens of a prompt; older tokens are cut off")
        int maxPromptLength)
    implements Serializable {}
