package org.plumbline.config;

import java.io.Serializable;

/** All settings of a run; each stage reads its own part. */
public record Settings(
    @Setting(value = "0", doc = "seed of everything that is drawn") long seed,
    ClusterSettings cluster,
    ModelSettings model,
    FeedbackSettings feedback,
    CurateSettings curate,
    TokensSettings tokens,
    SftSettings sft,
    RewardSettings reward,
    PpoSettings ppo,
    DpoSettings dpo,
    EvaluateSettings evaluate,
    QuickstartSettings quickstart,
    PlanSettings plan,
    CompareSettings compare,
    BestOfSettings bestOf)
    implements Serializable {}
