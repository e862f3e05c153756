package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients against central differences, at the steepest coordinate of every parameter. */
class GradientTest {
  private static final float STEP = 5e-3f;
  private static final List<Sequence> SEQUENCES =
      List.of(
          new Sequence(new int[] {3, 14, 15}, new int[] {9, 26, 5, 35}),
          new Sequence(new int[] {8}, new int[] {9, 7, 9, 32, 38, 4}));

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  /** A number that a model says of a batch. */
  private interface Figure {
    NDArray of(Decoder decoder, NDArray flat, TokenBatch batch);
  }

  @AfterEach
  void close() {
    JniUtils.setGradMode(false);
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {TinyModels.LLAMA, TinyModels.GPT2})
  void logprobs(String config) throws Exception {
    assertGradient(
        config, Head.NONE, (decoder, flat, batch) -> decoder.logprobs(flat, batch, 0.7).sum());
  }

  @Test
  void policyOutputs() throws Exception {
    assertGradient(
        TinyModels.LLAMA,
        Head.VALUE,
        (decoder, flat, batch) -> {
          Decoder.PolicyOutputs outputs = decoder.policy(flat, batch, 0.7);
          NDArray counted = outputs.values().mul(batch.responseMask());
          return outputs.logprobs().add(outputs.entropy()).add(counted).sum();
        });
  }

  @Test
  void scores() throws Exception {
    assertGradient(
        TinyModels.GPT2, Head.SCORE, (decoder, flat, batch) -> decoder.scores(flat, batch).sum());
  }

  private void assertGradient(String config, Head head, Figure figure) throws Exception {
    Decoder.prepareThread(1);
    try (Decoder decoder = TinyModels.describe(folder, config).decoder(head)) {
      NDArray flat = TinyModels.random(decoder, manager);
      TokenBatch batch = TokenBatch.of(SEQUENCES, manager);
      NDArray gradient = gradient(figure, decoder, flat, batch);
      for (Layout.Slot slot : decoder.layout().slots().values()) {
        FloatBuffer slopes = slot.bytes(gradient).asFloatBuffer();
        int place = steepest(slopes);
        DoubleSupplier value = () -> figure.of(decoder, flat, batch).getFloat();
        double slope = slope(slot.bytes(flat).asFloatBuffer(), place, value);
        assertThat((double) slopes.get(place))
            .as(slot.parameter().name())
            .isNotZero()
            .isCloseTo(slope, within(0.02 * Math.max(Math.abs(slope), 0.1)));
      }
    }
  }

  private NDArray gradient(Figure figure, Decoder decoder, NDArray flat, TokenBatch batch) {
    flat.setRequiresGradient(true);
    JniUtils.setGradMode(true);
    NDArray sum = figure.of(decoder, flat, batch);
    JniUtils.backward((PtNDArray) sum, (PtNDArray) manager.ones(sum.getShape()), false, false);
    JniUtils.setGradMode(false);
    return flat.getGradient();
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
