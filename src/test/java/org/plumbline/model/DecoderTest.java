package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a decoder says of a batch is what its logits say, by equations written here once more. */
class DecoderTest {
  private static final int[] PROMPT = {3, 14, 15};
  private static final int[] RESPONSE = {9, 26, 5, 35};
  private static final Sequence SHORT = new Sequence(PROMPT, RESPONSE);
  private static final Sequence LONG =
      new Sequence(new int[] {8}, new int[] {9, 7, 9, 32, 38, 4, 6, 2, 6});

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

  /** Log-probabilities [T, V] of the next token, by row. */
  private NDArray distributions(LoadedModel model, TokenBatch batch, int row, double temperature) {
    NDArray logits = model.decoder().logits(model.flat(), batch.ids());
    return logits.get(row).div(temperature).logSoftmax(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {TinyModels.LLAMA, TinyModels.GPT2})
  void logprobsAreThoseOfTheLogits(String config) throws Exception {
    try (LoadedModel model = TinyModels.load(folder, config, Head.NONE)) {
      TokenBatch batch = TokenBatch.of(List.of(SHORT, LONG), step);
      for (double temperature : new double[] {1, 0.7}) {
        float[] logprobs =
            model.decoder().logprobs(model.flat(), batch, temperature).get(0).toFloatArray();
        NDArray all = distributions(model, batch, 0, temperature);
        float[] expected = new float[9];
        for (int t = 0; t < RESPONSE.length; t++) {
          // the token before the response's token t is at PROMPT.length - 1 + t
          expected[2 + t] = all.getFloat(2 + t, RESPONSE[t]);
        }
        assertThat(logprobs).containsExactly(expected, within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TinyModels.LLAMA, TinyModels.GPT2})
  void thePolicySaysHowSureItIs(String config) throws Exception {
    try (LoadedModel model = TinyModels.load(folder, config, Head.VALUE)) {
      TokenBatch batch = TokenBatch.of(List.of(SHORT, LONG), step);
      Decoder.PolicyOutputs outputs = model.decoder().policy(model.flat(), batch, 0.7);
      NDArray all = distributions(model, batch, 1, 0.7);
      float[] entropy = all.exp().mul(all).sum(new int[] {1}).neg().get(":-1").toFloatArray();
      assertThat(outputs.entropy().get(1).toFloatArray()).containsExactly(entropy, within(1e-5f));
      assertThat(outputs.entropy().get("0, :2").toFloatArray()).containsOnly(0);
      assertThat(outputs.entropy().get("0, 6:").toFloatArray()).containsOnly(0);
      assertThat(outputs.logprobs().toFloatArray())
          .isEqualTo(model.decoder().logprobs(model.flat(), batch, 0.7).toFloatArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TinyModels.LLAMA, TinyModels.GPT2})
  void aScoreIsTheValueOfTheLastTokenButForTheBias(String config) throws Exception {
    // Both models have the same random weights, as far as they go.
    try (LoadedModel policy = TinyModels.load(folder, config, Head.VALUE);
        LoadedModel reward = TinyModels.load(folder.resolve("reward"), config, Head.SCORE)) {
      TokenBatch batch = TokenBatch.of(List.of(SHORT, LONG), step);
      NDArray values = policy.decoder().policy(policy.flat(), batch, 1).values();
      float[] weights = policy.flat().toFloatArray();
      float bias = weights[weights.length - 1];
      for (int length = 0; length < RESPONSE.length; length++) {
        Sequence cut = new Sequence(PROMPT, Arrays.copyOf(RESPONSE, length));
        TokenBatch mixed = TokenBatch.of(List.of(LONG, cut), step);
        float score = reward.decoder().scores(reward.flat(), mixed).getFloat(1);
        assertThat(values.getFloat(0, cut.length() - 1)).isCloseTo(score + bias, within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TinyModels.LLAMA, TinyModels.GPT2})
  void paddingChangesNothing(String config) throws Exception {
    try (LoadedModel policy = TinyModels.load(folder, config, Head.VALUE);
        LoadedModel reward = TinyModels.load(folder.resolve("reward"), config, Head.SCORE)) {
      TokenBatch alone = TokenBatch.of(List.of(SHORT), step);
      TokenBatch padded = TokenBatch.of(List.of(LONG, SHORT), step);
      padded.ids().set(new NDIndex("1, 7:"), 39);
      Decoder.PolicyOutputs expected = policy.decoder().policy(policy.flat(), alone, 0.7);
      Decoder.PolicyOutputs outputs = policy.decoder().policy(policy.flat(), padded, 0.7);
      assertSame(outputs.logprobs(), expected.logprobs());
      assertSame(outputs.entropy(), expected.entropy());
      assertSame(outputs.values(), expected.values());
      assertThat(reward.decoder().scores(reward.flat(), padded).getFloat(1))
          .isCloseTo(reward.decoder().scores(reward.flat(), alone).getFloat(0), within(1e-5f));
    }
  }

  private static void assertSame(NDArray padded, NDArray alone) {
    assertThat(padded.get("1, :6").toFloatArray())
        .containsExactly(alone.get(0).toFloatArray(), within(1e-5f));
  }

  @Test
  void aHeadThatIsNotThereIsNotRead() throws Exception {
    try (LoadedModel model = TinyModels.load(folder, TinyModels.GPT2, Head.NONE)) {
      TokenBatch batch = TokenBatch.of(List.of(SHORT), step);
      assertThatThrownBy(() -> model.decoder().scores(model.flat(), batch))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Cannot use head SCORE: the decoder has NONE");
      assertThatThrownBy(() -> model.decoder().policy(model.flat(), batch, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Cannot use head VALUE: the decoder has NONE");
    }
  }

  /** The manager of a loaded model is capped: what adds to it throws, and must not be swallowed. */
  @Test
  void nothingStaysWithTheModel() throws Exception {
    try (LoadedModel policy = TinyModels.load(folder, TinyModels.LLAMA, Head.VALUE);
        LoadedModel reward =
            TinyModels.load(folder.resolve("reward"), TinyModels.GPT2, Head.SCORE)) {
      NDManager home = policy.flat().getManager();
      int before = home.getManagedArrays().size();
      for (int call = 0; call < 3; call++) {
        TokenBatch batch = TokenBatch.of(List.of(SHORT, LONG), step);
        policy.decoder().logprobs(policy.flat(), batch, 1);
        policy.decoder().policy(policy.flat(), batch, 1);
        policy.decoder().logits(policy.flat(), batch.ids());
        reward.decoder().scores(reward.flat(), batch);
        new Generator(policy, Sampling.at(0.8), Ending.after(5, 0), 1)
            .complete(List.of(PROMPT), (index, uniforms) -> Uniforms.fill(uniforms, 1));
      }
      assertThat(home.getManagedArrays()).hasSize(before).contains(policy.flat());
      assertThat(reward.flat().getManager().getManagedArrays()).hasSize(1);
    }
  }
}
