package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
  private static final long[] NO_STOPS = {TinyModels.VOCABULARY};
  private static final int[] SHORT = {3, 14};
  private static final int[] MIDDLE = {15, 9, 26, 5, 35};
  private static final int[] LONG = {8, 9, 7, 9, 32, 38, 4, 6, 2, 6, 4, 3};

  @TempDir Path folder;

  /** Draws for a prompt, by what it begins with and not by where it lies. */
  private static Generator.Draws draws(List<int[]> prompts) {
    return (index, uniforms) -> Uniforms.fill(uniforms, 42, prompts.get(index)[0]);
  }

  private static List<int[]> complete(Generator generator, int[]... prompts) {
    return generator.complete(List.of(prompts), draws(List.of(prompts))).stream()
        .map(Completion::tokens)
        .toList();
  }

  private static Generator generator(
      LoadedModel model, long[] stops, double temperature, int maxNewTokens) {
    return new Generator(model, Sampling.at(temperature), Ending.after(maxNewTokens, stops), 8);
  }

  /** The logits after {@code ids}, all computed anew. */
  static float[] logits(LoadedModel model, int[] ids) {
    try (NDManager step = NDManager.newBaseManager("PyTorch")) {
      long[] row = Arrays.stream(ids).asLongStream().toArray();
      NDArray all =
          model.decoder().logits(model.flat(), step.create(row, new Shape(1, row.length)));
      return all.get("0, -1, :").toFloatArray();
    }
  }

  /** The first token at which the cumulative probability exceeds {@code uniform}. */
  private static int inverseCdf(float[] logits, double temperature, double uniform) {
    double[] weights = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      weights[i] = Math.exp(logits[i] / temperature);
    }
    double left = uniform * Arrays.stream(weights).sum();
    int token = 0;
    while (left >= weights[token]) {
      left -= weights[token];
      token++;
    }
    return token;
  }

  private static int[] append(int[] ids, int token) {
    int[] longer = Arrays.copyOf(ids, ids.length + 1);
    longer[ids.length] = token;
    return longer;
  }

  @ParameterizedTest
  @ValueSource(strings = {TinyModels.LLAMA, TinyModels.GPT2})
  void drawsByInverseCdf(String config) throws Exception {
    try (LoadedModel model = TinyModels.load(folder, config, Head.NONE)) {
      List<int[]> completions = complete(generator(model, NO_STOPS, 0.8, 10), SHORT, LONG, MIDDLE);
      List<int[]> prompts = List.of(SHORT, LONG, MIDDLE);
      for (int row = 0; row < 3; row++) {
        float[] uniforms = new float[10];
        draws(prompts).fill(row, uniforms);
        int[] all = prompts.get(row);
        for (float uniform : uniforms) {
          all = append(all, inverseCdf(logits(model, all), 0.8, uniform));
        }
        assertThat(completions.get(row))
            .isEqualTo(Arrays.copyOfRange(all, prompts.get(row).length, all.length));
      }
    }
  }

  @Test
  void everyDrawIsATokenThatCanBe() throws Exception {
    try (LoadedModel model = TinyModels.load(folder, TinyModels.LLAMA, Head.NONE)) {
      // so cold that all but one probability is 0, the first and last tokens' too
      Generator cold = generator(model, NO_STOPS, 1e-3, 3);
      int[] greedy = complete(generator(model, NO_STOPS, 0, 3), LONG).get(0);
      assertThat(greedy[0]).isBetween(1, TinyModels.VOCABULARY - 2);
      for (float edge : new float[] {0, Math.nextDown(1f)}) {
        int[] drawn =
            cold.complete(List.of(LONG), (index, uniforms) -> Arrays.fill(uniforms, edge))
                .get(0)
                .tokens();
        assertThat(drawn).isEqualTo(greedy);
      }
    }
  }

  @Test
  void stopsAfterAStopToken() throws Exception {
    try (LoadedModel model = TinyModels.load(folder, TinyModels.LLAMA, Head.NONE)) {
      List<int[]> endless = complete(generator(model, NO_STOPS, 0.8, 12), SHORT, LONG);
      int[] first = endless.get(0);
      long[] stops = {first[4], first[6]};
      List<int[]> stopped = complete(generator(model, stops, 0.8, 12), SHORT, LONG);
      for (int row = 0; row < 2; row++) {
        assertThat(stopped.get(row)).isEqualTo(untilStop(endless.get(row), stops));
      }
      assertThat(stopped.get(0)).hasSizeLessThan(6);
    }
  }

  private static int[] untilStop(int[] tokens, long[] stops) {
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] == stops[0] || tokens[i] == stops[1]) {
        return Arrays.copyOf(tokens, i + 1);
      }
    }
    return tokens;
  }

  @ParameterizedTest
  @ValueSource(strings = {TinyModels.LLAMA, TinyModels.GPT2})
  void endsWithTheContextOfEachPrompt(String config) throws Exception {
    try (LoadedModel model = TinyModels.load(folder, config, Head.NONE)) {
      Generator generator = generator(model, NO_STOPS, 0.8, 100);
      List<int[]> completions = complete(generator, SHORT, LONG, MIDDLE);
      assertThat(completions.get(0)).hasSize(TinyModels.CONTEXT - 2);
      assertThat(completions.get(1)).hasSize(TinyModels.CONTEXT - 12);
      assertThat(completions.get(2)).hasSize(TinyModels.CONTEXT - 5);
      assertThat(complete(generator, SHORT).get(0)).isEqualTo(completions.get(0));
      assertThat(complete(generator(model, NO_STOPS, 0.8, 1), SHORT).get(0)).hasSize(1);
    }
  }

  @Test
  void aPromptAsLongAsTheContextIsRefused() throws Exception {
    try (LoadedModel model = TinyModels.load(folder, TinyModels.LLAMA, Head.NONE)) {
      Generator generator = generator(model, NO_STOPS, 0.8, 10);
      assertThat(complete(generator, new int[TinyModels.CONTEXT - 1]).get(0)).hasSize(1);
      assertThatThrownBy(() -> complete(generator, SHORT, new int[TinyModels.CONTEXT]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot continue a prompt of 24 tokens: the context has 24 (max_position_embeddings)");
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.8})
  void neighboursDoNotMatter(double temperature) throws Exception {
    for (String config : new String[] {TinyModels.LLAMA, TinyModels.GPT2}) {
      try (LoadedModel model = TinyModels.load(folder, config, Head.NONE)) {
        Generator generator = generator(model, new long[] {11, 23}, temperature, 12);
        int[] alone = complete(generator, SHORT).get(0);
        assertThat(complete(generator, LONG, SHORT).get(1)).isEqualTo(alone);
        assertThat(complete(generator, MIDDLE, SHORT, LONG, MIDDLE).get(1)).isEqualTo(alone);
        assertThat(complete(generator, LONG, MIDDLE).get(0))
            .isEqualTo(complete(generator, LONG).get(0));
      }
    }
  }

  @Test
  void atTemperatureZeroTheMostProbableTokenFollows() throws Exception {
    try (LoadedModel model = TinyModels.load(folder, TinyModels.GPT2, Head.NONE)) {
      int[] completion = complete(generator(model, NO_STOPS, 0, 8), LONG, MIDDLE).get(1);
      int[] all = MIDDLE;
      for (int token : completion) {
        assertThat(token).isEqualTo(PublishedModelsTest.argmax(logits(model, all)));
        all = append(all, token);
      }
    }
  }
}
