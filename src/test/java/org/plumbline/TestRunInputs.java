package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.stage.RunFolder;

class TestRunInputs {
  @TempDir Path folder;
  private RunFolder run;

  @BeforeEach
  void aRun() {
    run = new RunFolder(folder.toString(), new Configuration());
  }

  @Test
  void whatIsNotThereStaysOpen() {
    Settings settings = settings();
    assertThat(RunInputs.resolve(settings, run)).isEqualTo(settings);
  }

  @Test
  void whatIsOpenIsTakenFromTheRun() {
    inputsAreThere();
    Settings resolved = RunInputs.resolve(settings("feedback.prompts=mine.jsonl"), run);

    assertThat(resolved.model().path()).isEqualTo(run.at("input/model"));
    assertThat(resolved.feedback().input()).isEqualTo(run.at("input/feedback.jsonl"));
    assertThat(resolved.feedback().demonstrations())
        .isEqualTo(run.at("input/demonstrations.jsonl"));
    assertThat(resolved.feedback().prompts()).isEqualTo("mine.jsonl");
  }

  @Test
  void ownFeedbackIsNotMixedWithTheRuns() {
    inputsAreThere();
    Settings own = settings("feedback.input=mine.jsonl", "model.path=mine");

    assertThat(RunInputs.resolve(own, run)).isEqualTo(own);
  }

  private void inputsAreThere() {
    run.writeJson("input/model/config.json", List.of());
    for (String name : List.of("feedback", "demonstrations", "prompts")) {
      run.writeJson("input/" + name + ".jsonl", List.of());
    }
  }

  private static Settings settings(String... sets) {
    return SettingsReader.read(List.of(), List.of(sets));
  }
}
