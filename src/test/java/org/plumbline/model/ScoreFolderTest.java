package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reward model's folder is what other tools write for a model that classifies sequences. */
class ScoreFolderTest {
  private static final Sequence SEQUENCE = new Sequence(new int[] {3, 14, 15}, new int[] {9, 26});

  @TempDir Path folder;
  private NDManager step;

  @BeforeEach
  void open() {
    step = NDManager.newBaseManager("PyTorch");
  }

  @AfterEach
  void close() {
    step.close();
  }

  private static LoadedModel load(ModelFolder model, Head head) throws Exception {
    return LoadedModel.load(model.uri(), head, new Configuration());
  }

  private float score(ModelFolder model) throws Exception {
    try (LoadedModel loaded = load(model, Head.SCORE)) {
      TokenBatch batch = TokenBatch.of(List.of(SEQUENCE), step);
      return loaded.decoder().scores(loaded.flat(), batch).getFloat(0);
    }
  }

  @Test
  void anUntiedOneHasNoLanguageModelHead() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.LLAMA, Head.SCORE);
    Path file = folder.resolve(Weights.MODEL_FILE);
    SafetensorsTest.Contents written = SafetensorsTest.read(Files.readAllBytes(file));
    assertThat(written.values())
        .containsKeys("score.weight", "model.embed_tokens.weight")
        .doesNotContainKey("lm_head.weight")
        .hasSize(2 * 9 + 3);

    float alone = score(model);
    assertThat(alone).isNotZero();
    addLmHead(file, written);
    assertThat(score(model)).as("beside a language-model head").isEqualTo(alone);
  }

  private static void addLmHead(Path file, SafetensorsTest.Contents written) throws Exception {
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    written
        .values()
        .forEach(
            (name, values) ->
                tensors.add(SafetensorsTest.tensor(name, values, written.shapes().get(name))));
    tensors.add(SafetensorsTest.tensor("lm_head.weight", new float[640], 40, 16));
    try (OutputStream out = Files.newOutputStream(file)) {
      SafetensorsWriter.write(out, WeightType.F32, tensors);
    }
  }

  @Test
  void anUntiedOneIsNoPolicy() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.LLAMA, Head.SCORE);
    assertThatThrownBy(() -> load(model, Head.NONE))
        .hasMessage("Cannot load model %s: no weight lm_head.weight", model.uri());
  }

  @Test
  void anUntiedOneOpensAsACritic() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.LLAMA, Head.SCORE);
    try (LoadedModel critic = load(model, Head.CRITIC);
        LoadedModel reward = load(model, Head.SCORE)) {
      TokenBatch batch = TokenBatch.of(List.of(SEQUENCE), step);
      // Its head is read at every token; the reward's last token has no successor to be valued for.
      Sequence longer = new Sequence(SEQUENCE.prompt(), new int[] {SEQUENCE.response()[0], 26, 3});
      TokenBatch more = TokenBatch.of(List.of(longer), step);
      float[] values = critic.decoder().values(critic.flat(), more).toFloatArray();
      assertThat(values[values.length - 1])
          .isCloseTo(
              reward.decoder().scores(reward.flat(), batch).getFloat(0),
              org.assertj.core.api.Assertions.within(1e-5f));
      assertThatThrownBy(() -> critic.decoder().logprobs(critic.flat(), batch, 1))
          .hasMessageContaining("head CRITIC stands in");
    }
  }

  @Test
  void aLanguageModelBecomesOneWithAFreshHead() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.LLAMA, Head.NONE);
    assertThat(score(model)).isZero();
    try (LoadedModel policy = load(model, Head.NONE);
        LoadedModel reward = load(model, Head.SCORE)) {
      float[] trunk = policy.flat().toFloatArray();
      assertThat(reward.flat().toFloatArray())
          .isEqualTo(
              Arrays.copyOf(Arrays.copyOf(trunk, trunk.length - 640), trunk.length - 640 + 16));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TinyModels.LLAMA, TinyModels.GPT2})
  void itPredictsNoTokens(String config) throws Exception {
    try (LoadedModel model = TinyModels.load(folder, config, Head.SCORE)) {
      TokenBatch batch = TokenBatch.of(List.of(SEQUENCE), step);
      Decoder decoder = model.decoder();
      NDArray flat = model.flat();
      for (ThrowingCallable use :
          List.<ThrowingCallable>of(
              () -> decoder.logprobs(flat, batch, 1),
              () -> decoder.logits(flat, batch.ids()),
              () -> new Tape(decoder, flat, flat, step, false).logprobs(batch, 1),
              () -> new Tape(decoder, flat, flat, step, false).crossEntropy(batch, 1),
              () ->
                  new Generator(model, Sampling.at(0), Ending.after(5, new long[] {0}), 1)
                      .complete(List.of(new int[] {3}), (index, uniforms) -> {}))) {
        assertThatThrownBy(use)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("Cannot predict tokens: head SCORE stands in for the language-model head");
      }
    }
  }
}
