package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients against central differences, at the steepest coordinate of every parameter. */
class GradientTest {
  private static final float STEP = 5e-3f;
  private static final List<Sequence> SEQUENCES =
      List.of(
          new Sequence(new int[] {3, 14, 15}, new int[] {9, 26, 5, 35}),
          new Sequence(new int[] {8}, new int[] {9, 7, 9, 32, 38, 4}));

  private static final String LLAMA_KEPT = "llama, false";
  private static final String LLAMA_CHECKPOINTED = "llama, true";
  private static final String GPT2_KEPT = "gpt2, false";
  private static final String GPT2_CHECKPOINTED = "gpt2, true";

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  /** A number that a model says of a batch. */
  private interface Figure {
    NDArray of(Tape tape, TokenBatch batch);
  }

  @AfterEach
  void close() {
    JniUtils.setGradMode(false);
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({LLAMA_KEPT, LLAMA_CHECKPOINTED, GPT2_KEPT, GPT2_CHECKPOINTED})
  void logprobs(String family, boolean checkpoint) throws Exception {
    assertGradient(family, Head.NONE, checkpoint, (tape, batch) -> tape.logprobs(batch, 0.7).sum());
  }

  @ParameterizedTest
  @CsvSource({LLAMA_KEPT, LLAMA_CHECKPOINTED, GPT2_KEPT, GPT2_CHECKPOINTED})
  void crossEntropy(String family, boolean checkpoint) throws Exception {
    assertGradient(family, Head.NONE, checkpoint, (tape, batch) -> tape.crossEntropy(batch, 0.7));
  }

  @ParameterizedTest
  @CsvSource({LLAMA_KEPT, LLAMA_CHECKPOINTED, GPT2_KEPT, GPT2_CHECKPOINTED})
  void policyOutputs(String family, boolean checkpoint) throws Exception {
    assertGradient(
        family,
        Head.VALUE,
        checkpoint,
        (tape, batch) -> {
          Decoder.PolicyOutputs outputs = tape.policy(batch, 0.7);
          return outputs.logprobs().add(outputs.entropy()).add(outputs.values()).sum();
        });
  }

  @ParameterizedTest
  @CsvSource({LLAMA_KEPT, LLAMA_CHECKPOINTED, GPT2_KEPT, GPT2_CHECKPOINTED})
  void scores(String family, boolean checkpoint) throws Exception {
    assertGradient(family, Head.SCORE, checkpoint, (tape, batch) -> tape.scores(batch).sum());
  }

  @ParameterizedTest
  @CsvSource({LLAMA_KEPT, GPT2_CHECKPOINTED})
  void valuesOfACritic(String family, boolean checkpoint) throws Exception {
    assertGradient(family, Head.CRITIC, checkpoint, (tape, batch) -> tape.values(batch).sum());
  }

  @ParameterizedTest
  @CsvSource({LLAMA_KEPT, GPT2_CHECKPOINTED})
  void predictions(String family, boolean checkpoint) throws Exception {
    assertGradient(
        family,
        Head.NONE,
        checkpoint,
        (tape, batch) -> {
          Tape.Predictions predictions = tape.predictions(batch, 0.7);
          return predictions.logprobs().add(predictions.entropy()).sum();
        });
  }

  @ParameterizedTest
  @CsvSource({LLAMA_KEPT, GPT2_CHECKPOINTED})
  void values(String family, boolean checkpoint) throws Exception {
    assertGradient(family, Head.VALUE, checkpoint, (tape, batch) -> tape.values(batch).sum());
  }

  /** Those of adapters and of the head, with the rest frozen. */
  @ParameterizedTest
  @CsvSource({
    "llama, false, 1, all-linear",
    "llama, true, 8, all-linear",
    "llama, false, 2, q_proj v_proj",
    "llama, true, 2, k_proj o_proj gate_proj",
    "gpt2, false, 2, all-linear",
    "gpt2, true, 1, c_attn c_fc"
  })
  void adapters(String family, boolean checkpoint, int rank, String targets) throws Exception {
    Optional<Lora> lora = Optional.of(new Lora(rank, 3, false, List.of(targets.split(" "))));
    assertGradient(
        family,
        Head.VALUE,
        lora,
        checkpoint,
        (tape, batch) -> {
          Decoder.PolicyOutputs outputs = tape.policy(batch, 0.7);
          return outputs.logprobs().add(outputs.entropy()).add(outputs.values()).sum();
        });
    assertGradient(family, Head.SCORE, lora, checkpoint, (tape, batch) -> tape.scores(batch).sum());
    assertGradient(
        family, Head.NONE, lora, checkpoint, (tape, batch) -> tape.crossEntropy(batch, 0.7));
  }

  /** Two batches on one tape add up. */
  @Test
  void twoPasses() throws Exception {
    assertGradient(
        "gpt2",
        Head.NONE,
        false,
        (tape, batch) -> tape.logprobs(batch, 0.7).sum().sub(tape.logprobs(batch, 2).sum()));
  }

  /** Of so many words a tape keeps 128 places: what it keeps and what it does not is the same. */
  @Test
  void moreThanIsKept() throws Exception {
    Decoder.prepareThread(1);
    JniUtils.setGradMode(true);
    String config = TinyModels.LLAMA.replace("\"vocab_size\": 40", "\"vocab_size\": 400000");
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      sequences.add(
          new Sequence(new int[] {i}, new SplittableRandom(i).ints(20, 0, 400_000).toArray()));
    }
    try (Decoder decoder = TinyModels.describe(folder, config).decoder(Head.NONE)) {
      NDArray flat = TinyModels.random(decoder, manager);
      for (boolean entropy : new boolean[] {false, true}) {
        NDArray together = flat.zerosLike();
        addGradient(decoder, flat, together, sequences, entropy);
        NDArray apart = flat.zerosLike();
        for (Sequence sequence : sequences) {
          addGradient(decoder, flat, apart, List.of(sequence), entropy);
        }
        assertThat(apart.abs().max().getFloat()).isGreaterThan(0.1f);
        assertThat(together.sub(apart).abs().max().getFloat())
            .isLessThan(1e-4f * apart.abs().max().getFloat());
      }
    }
  }

  private void addGradient(
      Decoder decoder, NDArray flat, NDArray gradient, List<Sequence> sequences, boolean entropy) {
    try (NDManager scope = manager.newSubManager()) {
      Tape tape = new Tape(decoder, flat, gradient, scope, false);
      Tape.Predictions now = tape.predictions(TokenBatch.of(sequences, scope), 0.7);
      NDArray logprobs = now.logprobs().sum();
      tape.backward(entropy ? logprobs.add(now.entropy().sum()) : logprobs);
    }
  }

  private void assertGradient(String family, Head head, boolean checkpoint, Figure figure)
      throws Exception {
    assertGradient(family, head, Optional.empty(), checkpoint, figure);
  }

  private void assertGradient(
      String family, Head head, Optional<Lora> lora, boolean checkpoint, Figure figure)
      throws Exception {
    Decoder.prepareThread(1);
    JniUtils.setGradMode(true);
    String config = family.equals("gpt2") ? TinyModels.GPT2 : TinyModels.LLAMA;
    try (Decoder decoder =
        TinyModels.describe(folder, config).decoder(head, Compute.FLOAT32, lora)) {
      NDArray flat = TinyModels.random(decoder, manager);
      NDArray trained = lora.isEmpty() ? flat : TinyModels.random(decoder.trained(), manager);
      Decoder on = lora.isEmpty() ? decoder : decoder.with(trained);
      TokenBatch batch = TokenBatch.of(SEQUENCES, manager);
      NDArray gradient = trained.zerosLike();
      Tape tape = new Tape(on, flat, gradient, manager, checkpoint);
      tape.backward(figure.of(tape, batch));
      NDArray unread = trained.zerosLike();
      DoubleSupplier value =
          () -> figure.of(new Tape(on, flat, unread, manager, false), batch).getFloat();
      for (Layout.Slot slot : decoder.trained().slots().values()) {
        FloatBuffer slopes = slot.bytes(gradient).asFloatBuffer();
        int place = steepest(slopes);
        double slope = slope(slot.bytes(trained).asFloatBuffer(), place, value);
        String name = slot.parameter().name();
        // a head alone asks nothing of the vocabulary
        boolean unused = name.equals("lm_head.weight") && slopes.get(place) == 0;
        assertThat(slopes.get(place) != 0 || unused).as(name).isTrue();
        assertThat((double) slopes.get(place))
            .as(name)
            .isCloseTo(slope, within(0.02 * Math.max(Math.abs(slope), 0.1)));
      }
    }
  }

  /** The central difference of {@code value} in the weight at {@code place}. */
  private static double slope(FloatBuffer weights, int place, DoubleSupplier value) {
    float weight = weights.get(place);
    weights.put(place, weight + STEP);
    double above = value.getAsDouble();
    weights.put(place, weight - STEP);
    double below = value.getAsDouble();
    weights.put(place, weight);
    return (above - below) / (2 * STEP);
  }

  private static int steepest(FloatBuffer slopes) {
    int best = 0;
    for (int i = 0; i < slopes.limit(); i++) {
      best = Math.abs(slopes.get(i)) > Math.abs(slopes.get(best)) ? i : best;
    }
    return best;
  }
}
