package org.plumbline.testing;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.plumbline.config.CurateSettings;
import org.plumbline.config.FeedbackSettings;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.config.TokensSettings;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;

/** What a stage is given in a test: the shared Spark, a folder of its own, and some settings. */
public record Stages(
    Path folder, FeedbackSettings feedback, CurateSettings curate, TokensSettings tokens) {
  /** The defaults of curation but for {@code sets}, such as {@code iterations=3}. */
  public static CurateSettings curating(String... sets) {
    return SettingsReader.read(List.of(), Arrays.stream(sets).map(set -> "curate." + set).toList())
        .curate();
  }

  /** The defaults, in {@code folder}, reading {@code input}. */
  public static Stages reading(Path folder, Path input) {
    return new Stages(
        folder,
        new FeedbackSettings(input.toString(), "auto", "", "", 0.1),
        curating(),
        new TokensSettings("dialogue", 512, 256));
  }

  /** With other settings of the feedback stage. */
  public Stages with(FeedbackSettings settings) {
    return new Stages(folder, settings, curate, tokens);
  }

  /** With other settings of the curate stage. */
  public Stages with(CurateSettings settings) {
    return new Stages(folder, feedback, settings, tokens);
  }

  /** With other settings of the tokens stage. */
  public Stages with(TokensSettings settings) {
    return new Stages(folder, feedback, curate, settings);
  }

  /** The context to run a stage with. */
  public StageContext context() {
    var spark = LocalSpark.session();
    return new StageContext(
        spark,
        new RunFolder(folder.toUri().toString(), spark.sessionState().newHadoopConf()),
        new Settings(0, null, null, feedback, curate, tokens, null, null, null, null, null, null),
        Progress.silent());
  }
}
