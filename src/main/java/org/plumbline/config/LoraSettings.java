package org.plumbline.config;

import java.io.Serializable;

/** Low-rank adapters: small matrices that are trained instead of the weights. */
public record LoraSettings(
    @Setting(value = "0", min = 0, doc = "rank of the adapters; 0 trains all weights instead")
        int rank,
    @Setting(
            value = "16",
            min = 0,
            exclusive = true,
            doc = "what adapters add is multiplied by this over their rank")
        double alpha,
    @Setting(value = "false", doc = "divide alpha by the root of the rank instead")
        boolean rankStabilized,
    @Setting(
            value = "all-linear",
            doc = "linear layers that have adapters: all-linear, or names such as q_proj,v_proj")
        String targetModules)
    implements Serializable {}
