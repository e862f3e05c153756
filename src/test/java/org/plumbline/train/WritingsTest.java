package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointFolders;
import org.plumbline.sft.SftStage;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.FullDisk;
import org.plumbline.testing.Interruption;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/**
 * Checkpoints that are written while training goes on are those that are written before it does.
 */
class WritingsTest {
  private static final int STEPS = 6;

  @TempDir Path folder;
  private TinyModel model;

  @BeforeEach
  void writeModel() {
    model = TinyModel.write(folder.resolve("model"), 3);
  }

  private TinyRun run(String name, int ranks, boolean beside, String... last) {
    return TinyRun.in(
            folder.resolve(name),
            "model.path=" + model.uri(),
            "cluster.ranks=" + ranks,
            "cluster.async-checkpoints=" + beside,
            "sft.batch-size=4",
            "sft.steps-per-stage=1",
            "sft.epochs=1.5",
            "sft.learning-rate=0.01",
            last.length == 0 ? "sft.eval.every=0" : last[0])
        .demonstrations(16);
  }

  private static String train(StageContext context) {
    return new SftStage(context).execute().checkpoint();
  }

  private static void assertSameFiles(String one, String other) throws IOException {
    Checkpoint expected =
        Checkpoint.open(one, LocalSpark.session().sparkContext().hadoopConfiguration());
    for (String file : expected.files()) {
      assertThat(Path.of(URI.create(other + "/" + file)))
          .hasSameBinaryContentAs(Path.of(URI.create(one + "/" + file)));
    }
    assertThat(Path.of(URI.create(other + "/plumbline/manifest.json")))
        .hasSameBinaryContentAs(Path.of(URI.create(one + "/plumbline/manifest.json")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void leavesTheSameToTheLastBit(int ranks) throws IOException {
    TinyRun calm = run("before-" + ranks, ranks, false);
    String expected = train(calm.context());
    TinyRun beside = run("beside-" + ranks, ranks, true);
    String checkpoint = train(beside.context());

    assertSameFiles(expected, checkpoint);
    String checkpoints = beside.context().run().at("sft/checkpoint");
    assertSameFiles(
        CheckpointFolders.step(calm.context().run().at("sft/checkpoint"), STEPS - 1),
        CheckpointFolders.step(checkpoints, STEPS - 1));
    try (var kept = Files.list(Path.of(URI.create(checkpoints)))) {
      assertThat(kept).hasSize(2);
    }
    for (String name : calm.metrics("sft")) {
      assertThat(beside.metric("sft", name)).isEqualTo(calm.metric("sft", name)).hasSize(STEPS);
    }
  }

  @Test
  void theBestIsTheSame() throws IOException {
    String expected = train(run("before", 1, false, "sft.eval.every=2").context());
    assertSameFiles(expected, train(run("beside", 1, true, "sft.eval.every=2").context()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void goesOnAfterAnInterruption(int ranks) throws IOException {
    String expected = train(run("calm-" + ranks, ranks, false).context());
    TinyRun stopped = run("stopped-" + ranks, ranks, true);
    assertThatThrownBy(() -> train(Interruption.at(3, stopped.context())))
        .isInstanceOf(Interruption.class);
    assertThat(
            Checkpoint.latest(
                stopped.context().run().at("sft/checkpoint"),
                stopped.context().run().configuration()))
        .as("what was in the making is finished")
        .hasValueSatisfying(last -> assertThat(last).endsWith("step-00000003"));
    assertSameFiles(expected, train(Interruption.resumed(stopped.context())));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFailureToWriteEndsTraining(int ranks) throws IOException {
    String expected = train(run("roomy", ranks, false).context());
    LocalSpark.session()
        .sparkContext()
        .hadoopConfiguration()
        .set(FullDisk.KEY, FullDisk.class.getName());
    TinyRun on = run("full", ranks, true);
    RunFolder disk =
        new RunFolder(
            "full://" + folder.resolve("full"),
            on.context().spark().sessionState().newHadoopConf());
    FullDisk.leave(7 * Files.size(Path.of(URI.create(expected + "/model.safetensors"))));
    try {
      assertThatThrownBy(() -> train(on.context().in(disk)))
          .hasMessageContaining("Cannot write ")
          .hasMessageContaining("No space left on device");
      FullDisk.leave(Long.MAX_VALUE);
      Optional<String> last = Checkpoint.latest(disk.at("sft/checkpoint"), disk.configuration());
      assertThat(last).hasValueSatisfying(step -> assertThat(step).doesNotEndWith("" + STEPS));
      String resumed = train(Interruption.resumed(on.context().in(disk)));
      assertThat(Path.of(URI.create(resumed).getPath()).resolve("model.safetensors"))
          .hasSameBinaryContentAs(Path.of(URI.create(expected + "/model.safetensors")));
    } finally {
      FullDisk.leave(Long.MAX_VALUE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cluster.resident=false,resident is false",
    "cluster.mode=local-rounds,mode is local-rounds"
  })
  void isRefusedWhereAStageLoadsTheLastCheckpoint(String set, String why) {
    assertThatThrownBy(() -> train(run("refused", 1, true, set).context()))
        .hasMessage(
            "Invalid cluster.async-checkpoints: true (must be false where cluster.%s)", why);
  }
}
