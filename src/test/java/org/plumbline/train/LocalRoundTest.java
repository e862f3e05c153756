package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.model.Head;
import org.plumbline.sft.SftStage;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.Interruption;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/** Workers that train by themselves and meet once a round. */
class LocalRoundTest {
  @TempDir Path folder;
  private TinyModel model;

  @BeforeEach
  void writeModel() {
    model = TinyModel.write(folder.resolve("model"), 3);
  }

  /** Batches of 4 rows, three a round; the last of 22 rows has two. */
  private TinyRun run(String name, int rows, String... more) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "model.path=" + model.uri(),
                "cluster.mode=local-rounds",
                "sft.batch-size=4",
                "sft.steps-per-stage=3",
                "sft.epochs=1",
                "sft.learning-rate=0.01"));
    sets.addAll(List.of(more));
    return TinyRun.in(folder.resolve(name), sets.toArray(String[]::new)).demonstrations(rows);
  }

  private static String train(StageContext context) {
    return new SftStage(context).execute().checkpoint();
  }

  private static float[] weights(String checkpoint) {
    return TinyModel.weights(checkpoint, Head.NONE);
  }

  private static String[] outer(int ranks, double rate, double momentum) {
    return new String[] {
      "cluster.ranks=" + ranks,
      "cluster.outer.learning-rate=" + rate,
      "cluster.outer.momentum=" + momentum
    };
  }

  @Test
  void aloneWithPlainAveragingItIsTheSameTraining() {
    TinyRun together = run("together", 22, "cluster.mode=synchronous");
    TinyRun rounds = run("rounds", 22, outer(1, 1, 0));
    assertThat(weights(train(rounds.context())))
        .containsExactly(weights(train(together.context())), within(1e-6f));
    assertThat(rounds.metric("sft", "loss").keySet())
        .isEqualTo(together.metric("sft", "loss").keySet())
        .hasSize(6);
  }

  @Test
  void theOuterStepIsNesterovs() {
    float[] start = weights(model.uri());
    float[] average = weights(train(run("average", 12, outer(2, 1, 0)).context()));
    float[] stepped = weights(train(run("stepped", 12, outer(2, 0.5, 0.8)).context()));
    for (int i = 0; i < start.length; i++) {
      float change = start[i] - average[i];
      // the momentum of the first round is its change
      assertThat(stepped[i]).isCloseTo(start[i] - 0.5f * (1 + 0.8f) * change, within(1e-6f));
    }
    assertThat(average).isNotEqualTo(start);
  }

  @Test
  void keepsWhatTheNextRoundNeedsAndNoMore() throws IOException {
    String checkpoint = train(run("kept", 12, outer(2, 0.7, 0.9)).context());
    assertThat(Checkpoint.open(checkpoint, new Configuration()).files())
        .contains(
            "model.safetensors",
            "plumbline/outer.safetensors",
            "plumbline/worker-00001.safetensors",
            "plumbline/worker-00002.safetensors")
        .noneMatch(file -> file.contains("local-"));
    assertThat(Path.of(URI.create(checkpoint + "/plumbline")).toFile().list())
        .noneMatch(file -> file.contains("local-"));
  }

  @Test
  void aResumedRunIsAsIfItHadNeverStopped() {
    TinyRun calm = run("calm", 22, outer(2, 0.7, 0.9));
    float[] expected = weights(train(calm.context()));
    TinyRun stopped = run("stopped", 22, outer(2, 0.7, 0.9));
    assertThatThrownBy(() -> train(Interruption.at(3, stopped.context())))
        .isInstanceOf(Interruption.class);
    assertThat(weights(train(Interruption.resumed(stopped.context())))).isEqualTo(expected);
    TreeMap<Long, Double> losses = calm.metric("sft", "loss");
    assertThat(stopped.metric("sft", "loss")).isEqualTo(losses);
    assertThat(losses.lastEntry().getValue()).isLessThan(losses.firstEntry().getValue());
  }

  @Test
  void workersAreNotToldApartAnew() {
    TinyRun stopped = run("other", 22, outer(2, 0.7, 0.9));
    assertThatThrownBy(() -> train(Interruption.at(3, stopped.context())))
        .isInstanceOf(Interruption.class);
    TinyRun alone = run("other", 22, outer(1, 0.7, 0.9));
    assertThatThrownBy(() -> train(Interruption.resumed(alone.context())))
        .hasMessageEndingWith("its ranks is 2 (must be 1, as now)");
    TinyRun together = run("other", 22, "cluster.mode=synchronous");
    assertThatThrownBy(() -> train(Interruption.resumed(together.context())))
        .hasMessageContaining("its mode is local-rounds (must be synchronous, as now)");
  }
}
