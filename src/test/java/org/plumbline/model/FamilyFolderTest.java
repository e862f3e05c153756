package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Folders of every family, written and read, and how far they reach. */
class FamilyFolderTest {
  private static final int[] IDS = {3, 14, 15, 9, 26, 5, 35, 8, 9, 7, 9, 32};
  private static final String WINDOW = "{sliding_window: 8}";

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @BeforeEach
  void open() {
    Decoder.prepareThread(1);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private NDArray ids(int count) {
    long[] row = IntStream.of(IDS).limit(count).asLongStream().toArray();
    return manager.create(row, new Shape(1, count));
  }

  @ParameterizedTest
  @EnumSource
  void isReadAsItWasWritten(TinyFamily family) throws Exception {
    ModelFolder model = TinyModels.describe(folder, family.config());
    try (Decoder decoder = model.decoder(Head.NONE)) {
      NDArray flat = TinyModels.random(decoder, manager);
      TinyModels.write(folder, decoder, flat);
      NDArray back = Weights.load(decoder, model, manager);
      assertThat(back.toFloatArray()).isEqualTo(flat.toFloatArray());
      assertThat(decoder.logits(back, ids(12))).isEqualTo(decoder.logits(flat, ids(12)));
    }
  }

  /** With a cache and without, whatever lies beside a prompt. */
  @ParameterizedTest
  @EnumSource
  void goesOnAsItsLogitsSay(TinyFamily family) throws Exception {
    try (LoadedModel model = TinyModels.load(folder, family.config(), Head.NONE)) {
      int[] prompt = Arrays.copyOf(IDS, 4);
      Generator generator =
          new Generator(
              model, Sampling.at(0), Ending.after(12, new long[] {TinyModels.VOCABULARY}), 2);
      List<Completion> completions =
          generator.complete(List.of(IDS, prompt), (index, uniforms) -> {});
      int[] all = prompt;
      for (int token : completions.get(1).tokens()) {
        assertThat(token).isEqualTo(PublishedModelsTest.argmax(GeneratorTest.logits(model, all)));
        all = Arrays.copyOf(all, all.length + 1);
        all[all.length - 1] = token;
      }
      assertThat(all).hasSize(16);
    }
  }

  /** A window as long as the text changes nothing; one token more, and it would. */
  @Test
  void withinItsWindowAModelSeesEverything() throws Exception {
    String config = TinyFamily.MISTRAL.with(WINDOW);
    try (LoadedModel model = TinyModels.load(folder, config, Head.NONE)) {
      assertThat(model.decoder().context()).isEqualTo(8);
      PaperDecoder paper =
          PaperDecoder.of(model.decoder(), TinyModels.json(config), model.flat(), manager);
      float[] logits = model.decoder().logits(model.flat(), ids(8)).toFloatArray();
      double[] expected = paper.logits(Arrays.copyOf(IDS, 8)).toDoubleArray();
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) logits[i]).isCloseTo(expected[i], within(1e-4));
      }
      PaperDecoder without =
          PaperDecoder.of(
              model.decoder(), TinyModels.json(TinyFamily.MISTRAL.config()), model.flat(), manager);
      int[] longer = Arrays.copyOf(IDS, 9);
      NDArray difference = paper.logits(longer).sub(without.logits(longer)).get(-1);
      assertThat(difference.abs().max().getDouble()).isGreaterThan(0.01);
    }
  }

  @Test
  void beyondItsWindowAModelIsRefused() throws Exception {
    try (LoadedModel model = TinyModels.load(folder, TinyFamily.MISTRAL.with(WINDOW), Head.NONE)) {
      assertThatThrownBy(() -> model.decoder().logits(model.flat(), ids(9)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot take in 9 tokens: the context has 8 (sliding_window)");
      Sequence row = new Sequence(new int[] {1}, Arrays.copyOf(IDS, 8));
      TokenBatch batch = TokenBatch.of(List.of(row), manager);
      Tape tape = new Tape(model.decoder(), model.flat(), null, manager, false);
      assertThatThrownBy(() -> tape.logprobs(batch, 1))
          .hasMessage("Cannot take in 9 tokens: the context has 8 (sliding_window)");
      Generator generator =
          new Generator(model, Sampling.at(0), Ending.after(12, new long[] {0}), 1);
      assertThatThrownBy(
              () -> generator.complete(List.of(Arrays.copyOf(IDS, 8)), (index, uniforms) -> {}))
          .hasMessage("Cannot continue a prompt of 8 tokens: the context has 8 (sliding_window)");
    }
  }
}
