package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.model.Head;
import org.plumbline.sft.SftStage;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/** What comes out does not depend on how many ranks there are, nor on how often they stop. */
class DistributedEqualsLocalTest {
  private static final int STEPS = 6;

  @TempDir Path folder;
  private TinyModel model;

  @BeforeEach
  void writeModel() {
    model = TinyModel.write(folder.resolve("model"), 11);
  }

  /** Six updates of eight rows each, by micro-batches of three. */
  private TinyRun train(String name, int ranks, int stepsPerStage) {
    return train(name, ranks, stepsPerStage, "model.gradient-checkpointing=false");
  }

  private TinyRun train(String name, int ranks, int stepsPerStage, String setting) {
    TinyRun run =
        TinyRun.in(
                folder.resolve(name),
                "model.path=" + model.uri(),
                setting,
                "cluster.ranks=" + ranks,
                "sft.steps-per-stage=" + stepsPerStage,
                "sft.batch-size=8",
                "sft.micro-batch-size=3",
                "sft.learning-rate=0.01",
                "sft.optimizer.weight-decay=0.1")
            .demonstrations(8 * STEPS);
    SftStage.Result result = new SftStage(run.context()).execute();
    assertThat(result.steps()).isEqualTo(STEPS);
    assertThat(result.checkpoint()).isEqualTo(checkpoint(run));
    return run;
  }

  private static String checkpoint(TinyRun run) {
    return run.context().run().at("sft/checkpoint/step-00000006");
  }

  @Test
  void twoRanksTrainWhatOneDoes() {
    TinyRun one = train("one", 1, STEPS);
    TinyRun two = train("two", 2, STEPS);

    float[] start = TinyModel.weights(model.uri(), Head.NONE);
    float[] alone = TinyModel.weights(checkpoint(one), Head.NONE);
    float[] together = TinyModel.weights(checkpoint(two), Head.NONE);
    double moved = 0;
    for (int i = 0; i < alone.length; i++) {
      assertThat(together[i])
          .as("weight %d", i)
          .isCloseTo(alone[i], within(1e-5f * Math.max(1, Math.abs(alone[i]))));
      moved = Math.max(moved, Math.abs(alone[i] - start[i]));
    }
    assertThat(moved).as("the greatest change of a weight").isGreaterThan(0.01);
    for (String metric : new String[] {"loss", "grad_norm", "learning_rate", "response_tokens"}) {
      TreeMap<Long, Double> expected = one.metric("sft", metric);
      assertThat(expected).hasSize(STEPS);
      two.metric("sft", metric)
          .forEach(
              (step, value) ->
                  assertThat(value)
                      .as("%s of step %d", metric, step)
                      .isCloseTo(expected.get(step), within(1e-5 * Math.abs(expected.get(step)))));
    }
  }

  @Test
  void soWithAdapters() throws Exception {
    String rank = "sft.lora.rank=2";
    float[] start = TinyModel.weights(model.uri(), Head.NONE);
    String once = checkpoint(train("adapters", 1, STEPS, rank));
    float[] alone = TinyModel.weights(once, Head.NONE);
    float[] together = TinyModel.weights(checkpoint(train("ranks", 2, STEPS, rank)), Head.NONE);
    assertThat(together).containsExactly(alone, within(1e-5f)).isNotEqualTo(start);
    String often = checkpoint(train("stages", 1, 2, rank));
    for (String file :
        new String[] {"adapter_model.safetensors", "plumbline/optimizer.safetensors"}) {
      assertThat(Path.of(java.net.URI.create(often + "/" + file)))
          .hasSameBinaryContentAs(Path.of(java.net.URI.create(once + "/" + file)));
    }
  }

  @Test
  void checkpointingChangesNotABit() {
    float[] kept = TinyModel.weights(checkpoint(train("kept", 1, STEPS)), Head.NONE);
    TinyRun again = train("again", 1, STEPS, "model.gradient-checkpointing=true");
    assertThat(TinyModel.weights(checkpoint(again), Head.NONE)).isEqualTo(kept);
  }

  @Test
  void bfloat16TrainsMuchTheSame() {
    TinyRun exact = train("exact", 1, STEPS);
    TinyRun rounded = train("rounded", 1, STEPS, "model.compute=bfloat16");
    TreeMap<Long, Double> expected = exact.metric("sft", "loss");
    assertThat(rounded.metric("sft", "loss")).isNotEqualTo(expected);
    rounded
        .metric("sft", "loss")
        .forEach(
            (step, loss) ->
                assertThat(loss).as("step %d", step).isCloseTo(expected.get(step), within(0.02)));
  }

  @Test
  void gradientsThatTravelInBfloat16TrainMuchTheSame() {
    TreeMap<Long, Double> expected = train("exactly", 2, STEPS).metric("sft", "loss");
    TinyRun rounded = train("halved", 2, STEPS, "cluster.wire=bfloat16");
    assertThat(rounded.metric("sft", "loss")).isNotEqualTo(expected);
    rounded
        .metric("sft", "loss")
        .forEach(
            (step, loss) ->
                assertThat(loss).as("step %d", step).isCloseTo(expected.get(step), within(0.02)));
  }

  @Test
  void stoppingOnTheWayChangesNotABit() throws Exception {
    TinyRun uninterrupted = train("six", 1, STEPS);
    for (int stepsPerStage : new int[] {1, 2}) {
      TinyRun resumed = train("stage-of-" + stepsPerStage, 1, stepsPerStage);
      for (String file : new String[] {"model.safetensors", "plumbline/optimizer.safetensors"}) {
        assertThat(
                Files.readAllBytes(Path.of(java.net.URI.create(checkpoint(resumed) + "/" + file))))
            .as("%s with %d steps a stage", file, stepsPerStage)
            .isEqualTo(
                Files.readAllBytes(
                    Path.of(java.net.URI.create(checkpoint(uninterrupted) + "/" + file))));
      }
      assertThat(resumed.metric("sft", "loss")).isEqualTo(uninterrupted.metric("sft", "loss"));
    }
  }
}
