package org.plumbline.config;

import java.io.Serializable;

/** The model that everything starts from. */
public record ModelSettings(
    @Setting(value = "", doc = "Hugging Face folder on any Hadoop file system") String path)
    implements Serializable {}
