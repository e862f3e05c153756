package org.plumbline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenAgainIsReadAsItIsNow() throws IOException {
    RunFolder run = run();
    for (int i = 0; i < 3; i++) {
      run.writeJson("in/result.json", Map.of("i", i, "text", "x".repeat(1000 * (3 - i))));
      assertThat(run.readJson("in/result.json").get("i").asInt()).isEqualTo(i);
    }
    assertThat(folder.resolve("in")).isDirectoryNotContaining("glob:**new*");
  }

  @Test
  void aWriteThatFailsLeavesWhatWasThere() throws IOException {
    RunFolder run = run();
    run.writeText("settings.yaml", "seed: 3\n");
    Files.createDirectory(folder.resolve("_new-settings.yaml")); // in the way of any writing
    assertThatThrownBy(() -> run.writeText("settings.yaml", "seed: 4\n"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("Cannot write " + run.at("settings.yaml") + ": ");
    assertThat(folder.resolve("settings.yaml")).hasContent("seed: 3\n");
  }

  private RunFolder run() {
    return new RunFolder(folder.toUri().toString(), new Configuration());
  }
}
