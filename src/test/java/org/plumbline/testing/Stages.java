package org.plumbline.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.plumbline.config.CurateSettings;
import org.plumbline.config.FeedbackSettings;
import org.plumbline.config.HygieneSettings;
import org.plumbline.config.PlanSettings;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.config.TokensSettings;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;

/** What a stage is given in a test: the shared Spark, a folder of its own, and some settings. */
public record Stages(
    Path folder,
    FeedbackSettings feedback,
    CurateSettings curate,
    TokensSettings tokens,
    PlanSettings plan) {
  private static final List<String> CHECKS =
      List.of(
          "duplicates",
          "anonymous-duplicates",
          "near-prompts",
          "near-responses",
          "cycles",
          "self-contradictions",
          "empty-responses",
          "identical-responses",
          "identical-beginnings",
          "script-outliers",
          "length-outliers",
          "personal-data",
          "near-leaks",
          "contamination");

  /** The defaults of curation but for {@code sets}, such as {@code iterations=3}. */
  public static CurateSettings curating(String... sets) {
    return SettingsReader.read(List.of(), Arrays.stream(sets).map(set -> "curate." + set).toList())
        .curate();
  }

  /** The same, but nothing is looked for in judgments, which takes most of the time. */
  public static CurateSettings unchecked(String... sets) {
    List<String> all = new ArrayList<>();
    for (String check : CHECKS) {
      all.add("hygiene." + check + "=off");
    }
    all.addAll(Arrays.asList(sets));
    return curating(all.toArray(String[]::new));
  }

  /** The defaults, in {@code folder}, reading {@code input}. */
  public static Stages reading(Path folder, Path input) {
    return new Stages(
        folder,
        new FeedbackSettings(input.toString(), "auto", "", "", 0.1),
        curating(),
        new TokensSettings("dialogue", 512, 256),
        planning());
  }

  /** The defaults of what is looked for in judgments. */
  public static HygieneSettings hygiene() {
    return SettingsReader.read(List.of(), List.of()).curate().hygiene();
  }

  /** With other settings of the feedback stage. */
  public Stages with(FeedbackSettings settings) {
    return new Stages(folder, settings, curate, tokens, plan);
  }

  /** With other settings of the curate stage. */
  public Stages with(CurateSettings settings) {
    return new Stages(folder, feedback, settings, tokens, plan);
  }

  /** With other settings of the tokens stage. */
  public Stages with(TokensSettings settings) {
    return new Stages(folder, feedback, curate, settings, plan);
  }

  /** The defaults of planning but for {@code sets}, such as {@code judgments=20}. */
  public static PlanSettings planning(String... sets) {
    return SettingsReader.read(List.of(), Arrays.stream(sets).map(set -> "plan." + set).toList())
        .plan();
  }

  /** With other settings of planning. */
  public Stages with(PlanSettings settings) {
    return new Stages(folder, feedback, curate, tokens, settings);
  }

  /** The context to run a stage with. */
  public StageContext context() {
    var spark = LocalSpark.session();
    return new StageContext(
        spark,
        new RunFolder(folder.toUri().toString(), spark.sessionState().newHadoopConf()),
        new Settings(
            0, null, null, feedback, curate, tokens, null, null, null, null, null, null, plan, null,
            null),
        Progress.silent());
  }
}
