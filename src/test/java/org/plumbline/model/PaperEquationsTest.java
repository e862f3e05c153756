package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernels and the papers agree on every family. */
class PaperEquationsTest {
  private static final List<Sequence> ROWS =
      List.of(
          new Sequence(new int[] {3, 14, 15}, new int[] {9, 26, 5, 35}),
          new Sequence(new int[] {8}, IntStream.range(1, 23).map(i -> 7 * i % 40).toArray()),
          new Sequence(new int[] {31, 1, 0, 2, 39}, new int[] {11}));

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  private PaperDecoder paper(LoadedModel model, String config) {
    return PaperDecoder.of(model.decoder(), TinyModels.json(config), model.flat(), manager);
  }

  @ParameterizedTest
  @EnumSource
  void logitsAndPolicy(TinyFamily family) throws Exception {
    try (LoadedModel model = TinyModels.load(folder, family.config(), Head.VALUE)) {
      PaperDecoder paper = paper(model, family.config());
      int[] ids = PaperDecoder.ids(ROWS.get(1));
      long[] row = IntStream.of(ids).asLongStream().toArray();
      NDArray one = manager.create(row, new Shape(1, ids.length));
      assertClose(model.decoder().logits(model.flat(), one).get(0), paper.logits(ids));
      TokenBatch batch = TokenBatch.of(ROWS, manager);
      Decoder.PolicyOutputs outputs = model.decoder().policy(model.flat(), batch, 0.7);
      assertRows(outputs.logprobs(), sequence -> paper.logprobs(sequence, 0.7));
      assertRows(outputs.entropy(), sequence -> paper.entropies(sequence, 0.7));
      assertRows(outputs.values(), paper::values);
      NDArray logprobs = model.decoder().logprobs(model.flat(), batch, 0.7);
      assertThat(logprobs).isEqualTo(outputs.logprobs());
      assertThat(model.decoder().values(model.flat(), batch)).isEqualTo(outputs.values());
    }
  }

  @ParameterizedTest
  @EnumSource
  void scores(TinyFamily family) throws Exception {
    try (LoadedModel model = TinyModels.load(folder, family.config(), Head.SCORE)) {
      PaperDecoder paper = paper(model, family.config());
      NDArray scores = model.decoder().scores(model.flat(), TokenBatch.of(ROWS, manager));
      for (int row = 0; row < ROWS.size(); row++) {
        assertClose(scores.get(row), paper.score(ROWS.get(row)));
      }
    }
  }

  /** What tells the tests of scaled positions from tests of nothing. */
  @Test
  void withoutItsScalingAModelIsAnother() throws Exception {
    for (TinyFamily family : List.of(TinyFamily.LLAMA_3, TinyFamily.LLAMA_LINEAR)) {
      try (LoadedModel model = TinyModels.load(folder, family.config(), Head.NONE)) {
        int[] ids = PaperDecoder.ids(ROWS.get(1));
        NDArray scaled = paper(model, family.config()).logits(ids);
        String plain = family.with("{rope_scaling: null}");
        NDArray unscaled = paper(model, plain).logits(ids);
        assertThat(scaled.sub(unscaled).get(-1).abs().max().getDouble()).isGreaterThan(0.1);
      }
    }
  }

  /** Numbers at response tokens are as expected, and 0 elsewhere. */
  private void assertRows(NDArray actual, Function<Sequence, NDArray> expected) {
    for (int i = 0; i < ROWS.size(); i++) {
      Sequence row = ROWS.get(i);
      float[] whole = actual.get(i).toFloatArray();
      double[] numbers = expected.apply(row).toDoubleArray();
      for (int t = 0; t < whole.length; t++) {
        int token = t - row.prompt().length + 1;
        boolean response = token >= 0 && token < numbers.length;
        assertThat((double) whole[t]).isCloseTo(response ? numbers[token] : 0, within(1e-4));
      }
    }
  }

  private static void assertClose(NDArray actual, NDArray expected) {
    double[] numbers = actual.toType(DataType.FLOAT64, false).toDoubleArray();
    assertThat(numbers).containsExactly(expected.toDoubleArray(), within(1e-4));
  }
}
