package org.plumbline.config;

import java.io.Serializable;

/** Search instead of training: many completions of a prompt, of which the best counts. */
public record BestOfSettings(
    @Setting(value = "16", min = 2, doc = "completions of each held-out prompt") int samples,
    @Setting(value = "", doc = "the term of the reward that is nearest to the truth; empty: none")
        String gold)
    implements Serializable {}
