package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.plumbline.testing.SharedData;

/** Two published models give the numbers that are known of them. */
class PublishedModelsTest {
  private static final double TOLERANCE = 1e-4;

  @Test
  void llamaLogprobs() throws Exception {
    try (Loaded model = new Loaded("data/models/stories260K-hf")) {
      NDArray ids = model.ids(1, 291, 376, 400, 428, 286, 393, 426, 346);
      float[] logprobs = model.decoder.logprobs(model.flat, model.batch(ids), 1.0).toFloatArray();
      float[] expected = {
        -6.601167f,
        -4.318153f,
        -3.901601f,
        -0.055509f,
        -0.754257f,
        -6.29851f,
        -1.428838f,
        -0.383542f
      };
      assertThat(logprobs).containsExactly(expected, within((float) TOLERANCE));
      float[] last = model.decoder.logits(model.flat, ids).get("0, -1, :").toFloatArray();
      assertThat(argmax(last)).isEqualTo(381);
      assertThat(Arrays.copyOf(last, 4))
          .containsExactly(
              new float[] {-15.51838f, 3.79667f, -15.51764f, -15.51915f}, within(1e-4f));
    }
  }

  @Test
  void gpt2Logprobs() throws Exception {
    try (Loaded model = new Loaded("data/models/tiny-random-gpt2")) {
      NDArray ids = model.ids(40, 416, 79, 206, 750);
      float sum = model.decoder.logprobs(model.flat, model.batch(ids), 1.0).sum().getFloat();
      assertThat(sum).isCloseTo(-27.457769f, within((float) TOLERANCE));
      float[] last = model.decoder.logits(model.flat, ids).get("0, -1, :5").toFloatArray();
      assertThat(last)
          .containsExactly(
              new float[] {0.265936f, -0.055033f, -0.128049f, 0.023746f, 0.009871f}, within(1e-4f));
    }
  }

  static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static final class Loaded implements AutoCloseable {
    final NDManager manager;
    final Decoder decoder;
    final NDArray flat;

    Loaded(String folder) throws Exception {
      Path path = SharedData.path(folder);
      Decoder.prepareThread(1);
      decoder =
          new Decoder(
              new ObjectMapper().readTree(path.resolve("config.json").toFile()), Head.NONE, folder);
      manager = NDManager.newBaseManager("PyTorch");
      flat =
          Weights.load(
              decoder, new ModelFolder(path.toUri().toString(), new Configuration()), manager);
    }

    NDArray ids(long... ids) {
      return manager.create(ids, new Shape(1, ids.length));
    }

    /** All but the first token as a response. */
    TokenBatch batch(NDArray ids) {
      int[] all = Arrays.stream(ids.toLongArray()).mapToInt(id -> (int) id).toArray();
      return TokenBatch.of(
          List.of(new Sequence(new int[] {all[0]}, Arrays.copyOfRange(all, 1, all.length))),
          manager);
    }

    @Override
    public void close() {
      manager.close();
      decoder.close();
    }
  }
}
