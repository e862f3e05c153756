package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.checkpoint.CheckpointFolders;
import org.plumbline.cluster.Gangs;
import org.plumbline.config.ModelSettings;
import org.plumbline.config.OptimizerSettings;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.Sequence;
import org.plumbline.sft.SftStage;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.AfterSteps;
import org.plumbline.testing.LocalSpark;
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
        new AfterSteps(
            done -> {
              if (forgetful) {
                loseMoments(CheckpointFolders.step(checkpoints, done));
              }
            });
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

  /** Two ranks hand each other their moments, and once more, as if Spark had swapped them. */
  @Test
  void ranksThatWereSwappedGetTheirOwn() {
    String uri = TinyModel.write(folder.resolve("swapped"), 3).uri();
    List<byte[]> written =
        Gangs.run(
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
                .parallelize(List.of(1, 2), 1)
                .repartition(2),
            2,
            (gang, rows) -> {
              Decoder.prepareThread(1);
              ModelSettings settings = new ModelSettings("", "float32", false);
              ModelFolder model = new ModelFolder(uri, new Configuration());
              try (Replica replica =
                  Replica.begin(
                      gang, model, Head.NONE, settings, Optional.empty(), 0, Device.cpu())) {
                Sums sums = new Sums();
                replica.accumulate(
                    new Likelihood(),
                    List.of(new Sequence(new int[] {2, 3}, new int[] {5, 0})),
                    sums);
                replica.update(
                    gang,
                    sums,
                    0.01,
                    new OptimizerSettings(0.9, 0.999, 1e-8, 0, 1, 0, "constant", 5));
                byte[] own = moments(replica);
                replica.reseat(gang, List.of(1, 0));
                byte[] swapped = moments(replica);
                replica.reseat(gang, List.of(1, 0));
                return List.of(own, swapped, moments(replica)).iterator();
              }
            });
    assertThat(written).hasSize(6);
    for (int rank = 0; rank < 2; rank++) {
      assertThat(written.get(3 * rank + 1)).isNotEqualTo(written.get(3 * rank));
      assertThat(written.get(3 * rank + 2)).isEqualTo(written.get(3 * rank));
    }
  }

  private static byte[] moments(Replica replica) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    replica.writeOptimizer(out);
    return out.toByteArray();
  }
}
