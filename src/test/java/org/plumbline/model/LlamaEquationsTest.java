package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel and the papers agree on a Llama that shares keys and does not share embeddings. */
class LlamaEquationsTest {
  private static final long[] IDS = {3, 14, 15, 9, 26, 5, 35, 8, 9, 7, 9, 32};

  @TempDir Path folder;

  @Test
  void logits() throws Exception {
    try (LoadedModel model = TinyModels.load(folder, TinyModels.LLAMA, Head.NONE);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      NDArray ids = step.create(IDS, new Shape(1, IDS.length));
      NDArray logits = model.decoder().logits(model.flat(), ids).get(0);
      double[][] expected = paper().logits(IDS);
      for (int t = 0; t < IDS.length; t++) {
        assertClose(logits.get(t), expected[t]);
      }
    }
  }

  @Test
  void values() throws Exception {
    try (LoadedModel model = TinyModels.load(folder, TinyModels.LLAMA, Head.VALUE);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      NDArray values = model.decoder().policy(model.flat(), batch(step), 1).values().get(0);
      Map<String, float[]> head = weights(Weights.VALUE_FILE);
      float bias = head.get("value_head.bias")[0];
      double[] expected = onHidden(head.get("value_head.weight"));
      for (int t = 0; t < expected.length; t++) {
        // none is asked for within the prompt
        expected[t] = t < 3 ? 0 : expected[t] + bias;
      }
      assertClose(values, Arrays.copyOf(expected, expected.length - 1));
      assertThat(model.decoder().values(model.flat(), batch(step)).get(0)).isEqualTo(values);
    }
  }

  @Test
  void scores() throws Exception {
    try (LoadedModel model = TinyModels.load(folder, TinyModels.LLAMA, Head.SCORE);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      double[] expected = onHidden(weights(Weights.MODEL_FILE).get("score.weight"));
      assertClose(
          model.decoder().scores(model.flat(), batch(step)),
          new double[] {expected[expected.length - 1]});
    }
  }

  private TokenBatch batch(NDManager step) {
    int[] ids = Arrays.stream(IDS).mapToInt(Math::toIntExact).toArray();
    int[] response = Arrays.copyOfRange(ids, 4, ids.length);
    return TokenBatch.of(List.of(new Sequence(Arrays.copyOf(ids, 4), response)), step);
  }

  /** A linear unit on each token's hidden state. */
  private double[] onHidden(float[] weight) throws Exception {
    double[] unit = new double[weight.length];
    for (int i = 0; i < weight.length; i++) {
      unit[i] = weight[i];
    }
    return Arrays.stream(paper().hidden(IDS)).mapToDouble(x -> PaperLlama.dot(unit, x)).toArray();
  }

  private PaperLlama paper() throws Exception {
    ModelFolder model = TinyModels.describe(folder, TinyModels.LLAMA);
    return new PaperLlama(model.config(), weights(Weights.MODEL_FILE));
  }

  private Map<String, float[]> weights(String file) throws Exception {
    return SafetensorsTest.read(Files.readAllBytes(folder.resolve(file))).values();
  }

  private static void assertClose(NDArray actual, double[] expected) {
    double[] numbers = actual.toType(DataType.FLOAT64, false).toDoubleArray();
    assertThat(numbers).containsExactly(expected, within(1e-4));
  }
}
