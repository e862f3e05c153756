package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.testing.TinyRun;

class PpoUpdatesTest {
  @TempDir Path folder;

  private void refuses(String message, String... sets) {
    TinyRun run = TinyRun.in(folder, sets);
    assertThatThrownBy(() -> new PpoUpdates(run.context(), Map.of())).hasMessage(message);
  }

  @Test
  void saysWhichSettingsCannotBe() {
    refuses(
        "Invalid ppo.mini-batch-size: 1 (must be at least cluster.ranks, 2)",
        "cluster.ranks=2",
        "ppo.mini-batch-size=1");
    refuses(
        "Invalid ppo.mini-batch-size: 3 (must divide ppo.batch-size, 8)",
        "ppo.mini-batch-size=3",
        "ppo.batch-size=8");
    refuses(
        "Invalid ppo.generation.temperature: 0 (must be > 0, or nothing new is ever tried)",
        "ppo.generation.temperature=0");
  }

  @Test
  void theLastRunsCheckpointsOutliveARefusal() throws Exception {
    Path kept = folder.resolve("ppo/checkpoint/step-00000001/model.safetensors");
    Files.createDirectories(kept.getParent());
    Files.writeString(kept, "weights");
    TinyRun run = TinyRun.in(folder, "ppo.mini-batch-size=3");
    assertThatThrownBy(() -> new PolicyStage(run.context(), "start", "reward").execute())
        .hasMessageStartingWith("Invalid ppo.mini-batch-size: 3");
    assertThat(kept).exists();
  }
}
