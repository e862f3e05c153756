package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fused optimizer step against algorithm 2 of Loshchilov and Hutter (2019). */
class AdamWTest {
  private static final double RATE = 0.1;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.95;
  private static final double EPSILON = 1e-3;
  private static final double DECAY = 0.2;

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final double[] weights = {1, -2, 0.5, 0};
  private final double[] mean = new double[4];
  private final double[] square = new double[4];
  private Decoder decoder;
  private Decoder.AdamState state;

  @BeforeEach
  void open() throws Exception {
    decoder = TinyModels.describe(folder, TinyModels.LLAMA).decoder(Head.NONE);
    NDArray flat = manager.create(new float[] {1, -2, 0.5f, 0});
    state = new Decoder.AdamState(flat, flat.zerosLike(), flat.zerosLike());
  }

  @AfterEach
  void close() {
    decoder.close();
    manager.close();
  }

  private double update(float[] gradient, double count, long number) {
    return decoder.update(
        state,
        manager.create(gradient),
        count,
        new Decoder.AdamStep(number, RATE, 1.0, BETA1, BETA2, EPSILON, DECAY));
  }

  /** One step in double precision; {@code g} is the clipped mean gradient. */
  private void expect(double[] g, int number) {
    for (int i = 0; i < g.length; i++) {
      mean[i] = BETA1 * mean[i] + (1 - BETA1) * g[i];
      square[i] = BETA2 * square[i] + (1 - BETA2) * g[i] * g[i];
      double first = mean[i] / (1 - Math.pow(BETA1, number));
      double second = square[i] / (1 - Math.pow(BETA2, number));
      weights[i] -= RATE * (first / (Math.sqrt(second) + EPSILON) + DECAY * weights[i]);
    }
  }

  private void assertState() {
    assertClose(state.flat(), weights);
    assertClose(state.mean(), mean);
    assertClose(state.square(), square);
  }

  private static void assertClose(NDArray actual, double[] expected) {
    float[] numbers = actual.toFloatArray();
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) numbers[i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void threeSteps() {
    // divided by 2 it is of norm 5, so clipping to 1 divides by 5 too
    assertThat(update(new float[] {6, 0, -8, 0}, 2, 1)).isCloseTo(5, within(1e-6));
    expect(new double[] {0.6, 0, -0.8, 0}, 1);
    assertState();

    // of norm 0.5: left as it is
    assertThat(update(new float[] {3, -3, 3, 3}, 12, 2)).isCloseTo(0.5, within(1e-6));
    expect(new double[] {0.25, -0.25, 0.25, 0.25}, 2);
    assertState();

    assertThat(update(new float[] {0, 0, 0, 0.01f}, 1, 3)).isCloseTo(0.01, within(1e-6));
    expect(new double[] {0, 0, 0, 0.01}, 3);
    assertState();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aStepThatIsNotFiniteChangesNothing(float bad) {
    update(new float[] {1, 2, 3, 4}, 1, 1);
    float[] before = state.flat().toFloatArray();
    float[] meanBefore = state.mean().toFloatArray();
    float[] squareBefore = state.square().toFloatArray();

    assertThat(Double.isFinite(update(new float[] {1, bad, 1, 1}, 1, 2))).isFalse();

    assertThat(state.flat().toFloatArray())
        .isEqualTo(before)
        .isNotEqualTo(new float[] {1, -2, 0.5f, 0});
    assertThat(state.mean().toFloatArray()).isEqualTo(meanBefore);
    assertThat(state.square().toFloatArray()).isEqualTo(squareBefore);
  }

  @Test
  void stepsAddNothingToTheManager() {
    NDArray gradient = manager.create(new float[] {1, 2, 3, 4});
    int before = manager.getManagedArrays().size();
    Decoder.AdamStep step = new Decoder.AdamStep(1, RATE, 1.0, BETA1, BETA2, EPSILON, DECAY);
    for (int i = 0; i < 3; i++) {
      decoder.update(state, gradient, 1, step);
    }
    assertThat(manager.getManagedArrays()).hasSize(before);
  }
}
