package org.plumbline.config;

import java.io.Serializable;

/** A loss of pairs in a mixture. */
public record WeightedLoss(
    @Setting(value = "", doc = "as dpo.loss, of pairs") String loss,
    @Setting(value = "1", min = 0, exclusive = true, doc = "what it is multiplied by")
        double weight)
    implements Serializable {}
