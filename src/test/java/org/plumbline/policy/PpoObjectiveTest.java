package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Sequence;
import org.plumbline.model.TokenBatch;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

class PpoObjectiveTest {
  private static final double TEMPERATURE = 0.7;
  private static final List<Sequence> SEQUENCES =
      List.of(
          new Sequence(new int[] {2, 3, 4}, new int[] {5, 6, 7, 0}),
          new Sequence(new int[] {8, 9}, new int[] {10, 0}));
  private static final float[][] ADVANTAGES = {{1.5f, -0.5f, 0.25f, -2}, {0.5f, 0.25f}};

  @TempDir Path folder;
  private TinyModel model;
  private TinyRun run;

  @BeforeEach
  void place() {
    model = TinyModel.write(folder.resolve("model"), 8, Head.VALUE);
    run =
        TinyRun.in(
            folder.resolve("run"),
            "ppo.generation.temperature=" + TEMPERATURE,
            "ppo.vf-coef=0.3",
            "ppo.entropy-coef=0.05",
            "ppo.clip-range=0.2",
            "ppo.clip-range-value=0.1");
  }

  /** What the model says of a response's tokens. */
  private record Said(float[] logprobs, float[] entropy, float[] values) {}

  private List<Said> ask() {
    try (LoadedModel loaded = model.load(Head.VALUE);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      TokenBatch batch = TokenBatch.of(SEQUENCES, step);
      Decoder.PolicyOutputs outputs = loaded.decoder().policy(loaded.flat(), batch, TEMPERATURE);
      List<Said> said = new ArrayList<>();
      for (int row = 0; row < SEQUENCES.size(); row++) {
        said.add(
            new Said(
                response(outputs.logprobs(), row),
                response(outputs.entropy(), row),
                response(outputs.values(), row)));
      }
      return said;
    }
  }

  private static float[] response(NDArray array, int row) {
    Sequence sequence = SEQUENCES.get(row);
    int first = sequence.prompt().length - 1;
    return Arrays.copyOfRange(
        array.get(row).toFloatArray(), first, first + sequence.response().length);
  }

  private Map<String, Double> figures(List<PpoExample> examples, int microBatchSize) {
    return run.firstStep(
        model, PpoObjective.of(run.context().settings().ppo()), examples, microBatchSize);
  }

  /** Examples whose policy and values were off by these when they were sampled. */
  private static List<PpoExample> examples(List<Said> said, float[] logprobShift, float shift) {
    List<PpoExample> examples = new ArrayList<>();
    for (int row = 0; row < said.size(); row++) {
      Sequence sequence = SEQUENCES.get(row);
      float[] old = said.get(row).logprobs().clone();
      float[] values = said.get(row).values().clone();
      float[] returns = values.clone();
      for (int t = 0; t < old.length; t++) {
        old[t] -= logprobShift[t];
        values[t] -= shift;
        returns[t] += 2 * shift;
      }
      examples.add(
          new PpoExample(
              sequence.prompt(),
              sequence.response(),
              old,
              new float[0],
              values,
              ADVANTAGES[row],
              returns));
    }
    return examples;
  }

  @Test
  void onTheFirstPassEveryRatioIs1() {
    Map<String, Double> figures = figures(examples(ask(), new float[4], 0), 2);
    // The advantages add up to 0, as whitened ones do.
    assertThat(figures.get("policy_loss")).isCloseTo(0, within(1e-6));
    assertThat(figures.get("clip_fraction")).isZero();
    assertThat(figures.get("approx_kl")).isCloseTo(0, within(1e-10));
    assertThat(figures.get("value_loss")).isCloseTo(0, within(1e-10));
    assertThat(figures.get("loss")).isCloseTo(-0.05 * figures.get("entropy"), within(1e-6));
  }

  @Test
  void isWhatPaperAndPencilMakeOfIt() {
    List<Said> said = ask();
    float[] shift = {0.1f, -0.3f, 0.5f, 0.4f};
    List<PpoExample> examples = examples(said, shift, 0.25f);
    double policy = 0;
    double entropy = 0;
    double clipped = 0;
    double kl = 0;
    for (int row = 0; row < said.size(); row++) {
      for (int t = 0; t < ADVANTAGES[row].length; t++) {
        double advantage = ADVANTAGES[row][t];
        double ratio = Math.exp(shift[t]);
        double near = Math.min(Math.max(ratio, 0.8), 1.2);
        policy += Math.max(-advantage * ratio, -advantage * near);
        clipped += -advantage * near > -advantage * ratio ? 1 : 0;
        entropy += said.get(row).entropy()[t];
        kl += shift[t] * shift[t] / 2;
      }
    }
    // Values rose by 0.25 and should rise by 0.5 more: squared 0.25. Clipped they rose by 0.1 and
    // are
    // 0.65 short: squared 0.4225, which is more.
    double value = 0.4225 / 2;
    // Clipped: ratio e^-0.3 with advantage -0.5, and e^0.5 with 0.25; not e^0.4 with -2.
    assertThat(clipped).isEqualTo(2);

    Map<String, Double> figures = figures(examples, 2);

    assertThat(figures.get("policy_loss")).isCloseTo(policy / 6, within(1e-5));
    assertThat(figures.get("value_loss")).isCloseTo(value, within(1e-5));
    assertThat(figures.get("entropy")).isCloseTo(entropy / 6, within(1e-5)).isPositive();
    assertThat(figures.get("clip_fraction")).isCloseTo(2.0 / 6, within(1e-6));
    assertThat(figures.get("approx_kl")).isCloseTo(kl / 6, within(1e-5));
    assertThat(figures.get("loss"))
        .isCloseTo(policy / 6 + 0.3 * value - 0.05 * entropy / 6, within(1e-5));
  }

  @Test
  void aWholeCompletionHasOneRatioAndTheKlMayBeInTheLoss() {
    TinyRun other =
        TinyRun.in(
            folder.resolve("other"),
            "ppo.generation.temperature=" + TEMPERATURE,
            "ppo.ratio=sequence",
            "ppo.loss-aggregation=seq-mean-token-mean",
            "ppo.kl-in=loss",
            "ppo.kl-estimator=k3",
            "ppo.kl-coef=0.5",
            "ppo.entropy-coef=0");
    float[] shift = {0.1f, -0.3f, 0.5f, 0.4f};
    List<Said> said = ask();
    List<PpoExample> examples = new ArrayList<>();
    for (PpoExample each : examples(said, shift, 0)) {
      float[] reference = said.get(examples.size()).logprobs().clone();
      for (int t = 0; t < reference.length; t++) {
        reference[t] -= 0.2f;
      }
      examples.add(
          new PpoExample(
              each.prompt(),
              each.response(),
              each.logprobs(),
              reference,
              each.values(),
              each.advantages(),
              each.returns()));
    }

    Map<String, Double> figures =
        other.firstStep(model, ActorObjective.of(other.context().settings().ppo()), examples, 2);

    // The means of both rows' advantages, -0.1875 and 0.375, times their ratios.
    double policy = (0.1875 * Math.exp(0.175) - 0.375 * Math.exp(-0.1)) / 2;
    double kl = Math.exp(-0.2) - 1 + 0.2;
    assertThat(figures.get("policy_loss")).isCloseTo(policy, within(1e-5));
    assertThat(figures.get("kl_loss")).isCloseTo(kl, within(1e-5));
    assertThat(figures.get("loss")).isCloseTo(policy + 0.5 * kl, within(1e-5));
  }

  @Test
  void paddingMakesNoDifference() {
    List<PpoExample> examples = examples(ask(), new float[] {0.1f, -0.3f, 0.5f, 0.4f}, 0.25f);
    Map<String, Double> padded = figures(examples, 2);
    Map<String, Double> alone = figures(examples, 1);
    for (String name : padded.keySet()) {
      assertThat(padded.get(name)).as(name).isCloseTo(alone.get(name), within(1e-5));
    }
  }

  @Test
  void whatStandsInThePaddingMakesNoDifference() {
    try (LoadedModel loaded = model.load(Head.VALUE);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      TokenBatch batch = TokenBatch.of(SEQUENCES, step);
      long[] ids = batch.ids().toLongArray();
      assertThat(Arrays.copyOfRange(ids, 11, 14)).containsExactly(0, 0, 0); // after row 1's end
      Arrays.fill(ids, 11, 14, 33);
      TokenBatch other =
          new TokenBatch(
              step.create(ids, new Shape(2, 7)),
              batch.responseMask(),
              batch.responsePlaces(),
              batch.last());
      Decoder.PolicyOutputs expected = loaded.decoder().policy(loaded.flat(), batch, 1);
      Decoder.PolicyOutputs found = loaded.decoder().policy(loaded.flat(), other, 1);
      assertThat(found.logprobs().toFloatArray()).isEqualTo(expected.logprobs().toFloatArray());
      assertThat(found.entropy().toFloatArray()).isEqualTo(expected.entropy().toFloatArray());
      assertThat(response(found.values(), 1)).isEqualTo(response(expected.values(), 1));
    }
  }
}
