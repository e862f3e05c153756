package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.plumbline.testing.SharedData;

/**
 * Cached, side by side, with prompts that follow into places that are left: the same, token for
 * token, as one prompt at a time without a cache.
 */
class ContinuousBatchingTest {
  private static final String STORIES = "data/models/stories260K-hf";
  private static final String RANDOM_GPT2 = "data/models/tiny-random-gpt2";

  /** More than half of the drawn stories have one of these, the ends of sentences, by then. */
  private static final long[] STOPS = {1, 2, 426};

  static List<Sampling> samplings() {
    return List.of(
        Sampling.at(0),
        Sampling.at(0.8),
        new Sampling(0, 3, 0.5, 0, 1.3),
        new Sampling(1, 5, 1, 0, 1),
        new Sampling(1.2, 0, 0.9, 0, 1),
        new Sampling(1.2, 0, 1, 0.1, 1),
        new Sampling(0.7, 0, 1, 0, 1.2),
        new Sampling(1.5, 20, 0.8, 0.05, 1.1));
  }

  private static List<int[]> prompts(int count, int longest) {
    Random random = new Random(1);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] prompt = new int[1 + random.nextInt(longest)];
      prompt[0] = 1;
      for (int t = 1; t < prompt.length; t++) {
        prompt[t] = 259 + random.nextInt(200);
      }
      prompts.add(prompt);
    }
    return prompts;
  }

  private static void fill(int index, float[] uniforms) {
    Uniforms.fill(uniforms, 7, index);
  }

  private static LoadedModel load(String folder) throws Exception {
    Decoder.prepareThread(1);
    return LoadedModel.load(
        SharedData.path(folder).toUri().toString(), Head.NONE, new Configuration());
  }

  private static void check(LoadedModel model, Sampling sampling, Ending ending) {
    List<int[]> prompts = prompts(11, 30);
    List<Completion> expected = new ArrayList<>();
    float[][] uniforms = new float[prompts.size()][ending.maxNewTokens()];
    for (int i = 0; i < prompts.size(); i++) {
      fill(i, uniforms[i]);
      expected.add(new OneAtATime(model, sampling, ending).complete(prompts.get(i), uniforms[i]));
    }
    for (int slots : new int[] {1, 3, 11}) {
      List<Completion> actual =
          new Generator(model, sampling, ending, slots)
              .complete(prompts, (i, row) -> System.arraycopy(uniforms[i], 0, row, 0, row.length));
      for (int i = 0; i < prompts.size(); i++) {
        assertThat(actual.get(i).tokens()).isEqualTo(expected.get(i).tokens());
        assertThat(actual.get(i).end()).isEqualTo(expected.get(i).end());
        assertThat(actual.get(i).policyLogprobs())
            .containsExactly(expected.get(i).policyLogprobs(), within(1e-4f));
        assertThat(actual.get(i).samplingLogprobs())
            .containsExactly(expected.get(i).samplingLogprobs(), within(1e-4f));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samplings")
  void llamaWithStops(Sampling sampling) throws Exception {
    try (LoadedModel model = load(STORIES)) {
      check(model, sampling, Ending.after(40, STOPS));
    }
  }

  @Test
  void llamaWithStopsOnlyAfterAMinimum() throws Exception {
    try (LoadedModel model = load(STORIES)) {
      for (Sampling sampling : List.of(Sampling.at(0), new Sampling(1.5, 20, 0.8, 0.05, 1.1))) {
        check(model, sampling, new Ending(12, 30, STOPS));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samplings")
  void gpt2(Sampling sampling) throws Exception {
    try (LoadedModel model = load(RANDOM_GPT2)) {
      check(model, sampling, new Ending(3, 20, new long[] {5, 6, 7, 8, 9, 10, 1000000}));
    }
  }

  /** Words are so many that they are met in strips, and more than are sorted at first for top-p. */
  @Test
  void aLargeVocabulary(@TempDir Path folder) throws Exception {
    String config =
        TinyModels.GPT2
            .replace("\"vocab_size\": 40", "\"vocab_size\": 5001")
            .replace("\"n_positions\": 24", "\"n_positions\": 48");
    Decoder.prepareThread(1);
    try (LoadedModel model = TinyModels.load(folder, config, Head.NONE)) {
      List<Sampling> samplings = new ArrayList<>(samplings());
      for (double temperature : new double[] {0.1, 0.3, 1}) {
        samplings.add(new Sampling(temperature, 0, 0.9, 0, 1));
      }
      for (Sampling sampling : samplings) {
        check(model, sampling, Ending.after(8, 4000, 4999, 5000));
      }
    }
  }

  /** The longest prompts leave no room for all that is asked for. */
  @Test
  void upToTheEndOfTheContext() throws Exception {
    try (LoadedModel model = load(STORIES)) {
      int[] full = new int[model.decoder().context() - 3];
      Arrays.fill(full, 300);
      List<int[]> prompts = List.of(full, new int[] {1, 403}, full, new int[] {1});
      List<Completion> completions =
          new Generator(model, Sampling.at(1), Ending.after(9), 2)
              .complete(prompts, ContinuousBatchingTest::fill);
      assertThat(completions).extracting(c -> c.tokens().length).containsExactly(3, 9, 3, 9);
    }
  }
}
