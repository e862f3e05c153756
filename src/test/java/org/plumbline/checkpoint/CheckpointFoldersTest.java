package org.plumbline.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFoldersTest {
  private final Configuration conf = new Configuration();
  @TempDir Path folder;
  private String parent;

  @BeforeEach
  void place() {
    parent = "file:" + folder.resolve("checkpoint");
  }

  @Test
  void namesStepsSoThatTheySort() {
    assertThat(CheckpointFolders.step("hdfs://n/run/ppo/checkpoint", 123))
        .isEqualTo("hdfs://n/run/ppo/checkpoint/step-00000123");
    assertThat(CheckpointFolders.stepOf("hdfs://n/run/step-00000123")).hasValue(123);
    assertThat(CheckpointFolders.stepOf("hdfs://n/run/final")).isEmpty();
    assertThatThrownBy(() -> CheckpointFolders.step(parent, -1))
        .hasMessage("Invalid step: -1 (must be at least 0)");
  }

  @Test
  void latestIsTheNewestFinishedOne() throws IOException {
    assertThat(Checkpoint.latest(parent, conf)).isEmpty();
    finish(99_999_999);
    finish(2);
    finish(100_000_000); // one digit more, and before the other in the order of letters
    begin(100_000_001);
    Files.createDirectories(folder.resolve("checkpoint/step-9"));
    Files.createFile(folder.resolve("checkpoint/step-999999999"));
    assertThat(Checkpoint.latest(parent, conf))
        .hasValue(CheckpointFolders.step(parent, 100_000_000));
  }

  @Test
  void keepsTheLastAndWhatMayBeInTheMaking() throws IOException {
    for (int step = 1; step <= 4; step++) {
      finish(step * 10);
    }
    begin(5);
    begin(35);
    begin(50);
    Files.createDirectories(folder.resolve("checkpoint/best"));

    Checkpoint.keepLast(parent, 2, conf);

    assertThat(folder.resolve("checkpoint").toFile().list())
        .containsExactlyInAnyOrder("step-00000030", "step-00000040", "step-00000050", "best");
    assertThatThrownBy(() -> Checkpoint.keepLast(parent, 0, conf))
        .hasMessage("Invalid number of checkpoints to keep: 0 (must be at least 1)");
  }

  @Test
  void removesNothingWhileNothingIsFinished() throws IOException {
    begin(1);
    Checkpoint.keepLast(parent, 1, conf);
    assertThat(folder.resolve("checkpoint/step-00000001")).exists();
  }

  private void finish(long step) throws IOException {
    CheckpointWriter writer = Checkpoint.create(CheckpointFolders.step(parent, step), conf);
    writer.commit(Map.of("step", step));
  }

  private void begin(long step) throws IOException {
    CheckpointWriter writer = Checkpoint.create(CheckpointFolders.step(parent, step), conf);
    try (OutputStream out = writer.file("model.safetensors")) {
      out.write(1);
    }
  }
}
