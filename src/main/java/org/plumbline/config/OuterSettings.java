package org.plumbline.config;

import java.io.Serializable;

/** The outer step of local rounds; its defaults are those of DiLoCo (arXiv:2311.08105). */
public record OuterSettings(
    @Setting(
            value = "0.7",
            min = 0,
            exclusive = true,
            doc = "rate of the outer step of local rounds; 1 without momentum is plain averaging")
        double learningRate,
    @Setting(value = "0.9", min = 0, max = 0.99, doc = "its Nesterov momentum") double momentum)
    implements Serializable {}
