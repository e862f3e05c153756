package org.plumbline.train;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointFolders;
import org.plumbline.model.Head;
import org.plumbline.sft.SftStage;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.table.MetricsTable;
import org.plumbline.testing.FullDisk;
import org.plumbline.testing.Interruption;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/** A run that was stopped and resumed leaves what one leaves that never stopped. */
class ResumeTest {
  private static final int STEPS = 7;

  @TempDir Path folder;
  private TinyModel model;

  @BeforeEach
  void writeModel() {
    model = TinyModel.write(folder.resolve("model"), 3);
  }

  /** Two epochs of 14 rows in batches of 4: the last of each has two. */
  private TinyRun run(String name, int ranks, String... more) {
    String[] sets = {
      "model.path=" + model.uri(),
      "cluster.ranks=" + ranks,
      "sft.batch-size=4",
      "sft.micro-batch-size=2",
      "sft.steps-per-stage=1",
      "sft.epochs=1.75",
      "sft.learning-rate=0.01",
      "sft.optimizer.schedule=cosine"
    };
    String[] all = Arrays.copyOf(sets, sets.length + more.length);
    System.arraycopy(more, 0, all, sets.length, more.length);
    return TinyRun.in(folder.resolve(name), all).demonstrations(14);
  }

  private static String train(StageContext context) {
    SftStage.Result result = new SftStage(context).execute();
    assertThat(result.steps()).isEqualTo(STEPS);
    return result.checkpoint();
  }

  private static void stop(long step, TinyRun run) {
    assertThatThrownBy(() -> train(Interruption.at(step, run.context())))
        .isInstanceOf(Interruption.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1,model.safetensors,plumbline/optimizer.safetensors",
    "2,model.safetensors,plumbline/optimizer-00002-of-00002.safetensors"
  })
  void bitForBit(int ranks, String weights, String optimizer) {
    TinyRun calm = run("calm-" + ranks, ranks);
    String expected = train(calm.context());

    long step = 1 + new Random().nextInt(STEPS - 1);
    TinyRun stopped = run("stopped-" + ranks, ranks);
    stop(step, stopped);
    // the driver may also be gone after the checkpoint and before the figures are kept
    MetricsTable.TABLE.keep(
        stopped.context().spark(), stopped.context().run().at("sft/metrics"), col("step").lt(step));
    String resumed = train(Interruption.resumed(stopped.context()));
    for (String file : new String[] {weights, optimizer, "plumbline/state.json"}) {
      assertThat(Path.of(URI.create(resumed + "/" + file)))
          .as("%s after a stop at %d", file, step)
          .hasSameBinaryContentAs(Path.of(URI.create(expected + "/" + file)));
    }
    for (String name : calm.metrics("sft")) {
      assertThat(stopped.metric("sft", name)).isEqualTo(calm.metric("sft", name)).hasSize(STEPS);
    }
    // once more changes nothing
    assertThat(train(Interruption.resumed(stopped.context()))).isEqualTo(resumed);
  }

  @ParameterizedTest
  @CsvSource({"1,2", "2,1"})
  void withOtherRanks(int before, int after) {
    float[] expected = TinyModel.weights(train(run("calm", 1).context()), Head.NONE);
    stop(3, run("moved", before));
    float[] resumed =
        TinyModel.weights(train(Interruption.resumed(run("moved", after).context())), Head.NONE);
    assertThat(resumed).containsExactly(expected, within(1e-4f));
    assertThat(expected).isNotEqualTo(TinyModel.weights(model.uri(), Head.NONE));
  }

  @Test
  void beginsAnewUnlessTold() {
    TinyRun run = run("again", 1);
    stop(2, run);
    train(run.context());
    assertThat(run.metric("sft", "loss")).hasSize(STEPS);
  }

  @Test
  void nothingToResumeIsABeginning() {
    TinyRun run = run("fresh", 1);
    train(Interruption.resumed(run.context()));
    assertThat(run.metric("sft", "loss")).hasSize(STEPS);
  }

  @Test
  void refusesToGoOnWithOtherTraining() {
    stop(2, run("other", 1));
    TinyRun longer = run("other", 1, "sft.epochs=2");
    assertThatThrownBy(() -> train(Interruption.resumed(longer.context())))
        .hasMessageContaining("Cannot resume from ")
        .hasMessageEndingWith("step-00000002: its steps is 7 (must be 8, as now)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors",
        "plumbline/optimizer.safetensors",
        "plumbline/state.json",
        "config.json"
      })
  void spoiledFilesAreNamed(String file) throws IOException {
    for (boolean torn : new boolean[] {true, false}) {
      TinyRun run = run("spoiled-" + torn, 1);
      stop(2, run);
      Path path =
          Path.of(URI.create(run.context().run().at("sft/checkpoint/step-00000002/" + file)));
      byte[] bytes = Files.readAllBytes(path);
      bytes[bytes.length / 2] ^= 1;
      Files.write(path, torn ? Arrays.copyOf(bytes, bytes.length - 3) : bytes);
      assertThatThrownBy(() -> train(Interruption.resumed(run.context())))
          .hasMessageContaining("Cannot read " + file + " of checkpoint ")
          .hasMessageContaining("step-00000002");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFullDiskLeavesNoCheckpointThatPassesForWhole(int ranks) throws IOException {
    String expected = train(run("roomy", ranks).context());
    LocalSpark.session()
        .sparkContext()
        .hadoopConfiguration()
        .set(FullDisk.KEY, FullDisk.class.getName());
    TinyRun on = run("full", ranks);
    RunFolder disk =
        new RunFolder(
            "full://" + folder.resolve("full"),
            on.context().spark().sessionState().newHadoopConf());
    long size = Files.size(Path.of(URI.create(expected + "/model.safetensors")));
    // room for two checkpoints, each of weights and two moments of that size, and half of a third
    FullDisk.leave(7 * size);
    try {
      assertThatThrownBy(() -> train(on.context().in(disk)))
          .hasMessageContaining("Cannot write ")
          .hasMessageContaining("No space left on device");
      FullDisk.leave(Long.MAX_VALUE);
      Optional<String> last = Checkpoint.latest(disk.at("sft/checkpoint"), disk.configuration());
      assertThat(last.orElseThrow())
          .isNotEqualTo(CheckpointFolders.step(disk.at("sft/checkpoint"), STEPS));
      String resumed = train(Interruption.resumed(on.context().in(disk)));
      assertThat(Path.of(URI.create(resumed).getPath()).resolve("model.safetensors"))
          .hasSameBinaryContentAs(Path.of(URI.create(expected + "/model.safetensors")));
    } finally {
      FullDisk.leave(Long.MAX_VALUE);
    }
  }
}
