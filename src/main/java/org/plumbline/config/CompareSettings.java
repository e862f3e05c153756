package org.plumbline.config;

import java.io.Serializable;
import java.util.List;

/** Which methods to compare. */
public record CompareSettings(
    @Setting(
            value = "ppo,grpo,rloo,dpo,ipo",
            doc = "methods with commas between, each a policy from the same start; or all")
        String methods,
    @Setting(
            value = "[]",
            doc = "settings that one method is to have on top of the run's and of its file's")
        List<MethodOverride> overrides)
    implements Serializable {}
