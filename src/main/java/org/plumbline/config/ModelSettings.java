package org.plumbline.config;

import java.io.Serializable;

/** The model that everything starts from. */
public record ModelSettings(
    @Setting(value = "", doc = "Hugging Face folder on any Hadoop file system") String path,
    @Setting(
            value = "float32",
            oneOf = {"float32", "bfloat16"},
            doc =
                "type of matrix products, wherever a model runs; weights that are trained, their "
                    + "gradients and the optimizer are float32 always")
        String compute,
    @Setting(
            value = "false",
            doc =
                "keep one array a layer for the way back and work out the rest again: less memory, "
                    + "about a sixth more time")
        boolean gradientCheckpointing)
    implements Serializable {}
