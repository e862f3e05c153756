package org.plumbline.config;

import java.io.Serializable;

/** Which methods to compare. */
public record CompareSettings(
    @Setting(
            value = "ppo,grpo,rloo,dpo,ipo",
            doc = "methods with commas between, each a policy from the same start; or all")
        String methods)
    implements Serializable {}
