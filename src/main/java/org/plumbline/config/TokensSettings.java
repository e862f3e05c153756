package org.plumbline.config;

import java.io.Serializable;

/** From text to token ids. */
public record TokensSettings(
    @Setting(
            value = "auto",
            doc =
                "how turns become text: auto (the model's own chat template, or dialogue where it has none),"
                    + " dialogue, plain, chatml, llama2, llama3, mistral, zephyr, or the path of a Jinja file")
        String chatTemplate,
    @Setting(value = "512", min = 8, doc = "tokens of prompt and response together") int maxLength,
    @Setting(value = "256", min = 4, doc = "tokens of a prompt; older tokens are cut off")
        int maxPromptLength)
    implements Serializable {}
