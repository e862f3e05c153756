package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.checkpoint.CheckpointFolders;
import org.plumbline.model.Head;
import org.plumbline.sft.SftStage;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/** From stage to stage a model in training stays in memory, and nobody asks the last checkpoint. */
class ResidenceTest {
  @TempDir Path folder;

  /** Four stages of a step, after each of which the moments in the checkpoint are gone. */
  private String train(int ranks, boolean resident, boolean forgetful) {
    TinyModel model = TinyModel.write(folder.resolve("model"), 3);
    TinyRun run =
        TinyRun.in(
                folder.resolve("run-%d-%s-%s".formatted(ranks, resident, forgetful)),
                "model.path=" + model.uri(),
                "cluster.ranks=" + ranks,
                "cluster.resident=" + resident,
                "sft.batch-size=4",
                "sft.steps-per-stage=1",
                "sft.learning-rate=0.01")
            .demonstrations(16);
    StageContext context = run.context();
    String checkpoints = context.run().at("sft/checkpoint");
    Progress progress =
        new Progress() {
          @Override
          public Bar begin(String task, long total) {
            return new Bar() {
              @Override
              public void at(long done, String note) {
                if (forgetful) {
                  loseMoments(CheckpointFolders.step(checkpoints, done));
                }
              }

              @Override
              public void close() {}
            };
          }

          @Override
          public void say(String line) {}
        };
    return new SftStage(
            new StageContext(context.spark(), context.run(), context.settings(), progress))
        .execute()
        .checkpoint();
  }

  private static void loseMoments(String checkpoint) {
    try (var files = Files.list(Path.of(URI.create(checkpoint + "/plumbline")))) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith("optimizer")) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theNextStageFindsThemInMemory(int ranks) {
    float[] loaded = TinyModel.weights(train(ranks, false, false), Head.NONE);
    float[] resident = TinyModel.weights(train(ranks, true, true), Head.NONE);
    assertThat(resident).isEqualTo(loaded);
  }

  @Test
  void orLoadsThemIfToldSo() {
    assertThatThrownBy(() -> train(1, false, true)).hasMessageContaining("optimizer.safetensors");
  }
}
