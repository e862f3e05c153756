package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the kernels walk back by hand is what autograd makes of the papers' equations. */
class PaperGradientsTest {
  @TempDir Path folder;
  private NDManager manager;

  @BeforeEach
  void open() {
    Decoder.prepareThread(1);
    JniUtils.setGradMode(true);
    manager = NDManager.newBaseManager("PyTorch");
  }

  @AfterEach
  void close() {
    JniUtils.setGradMode(false);
    manager.close();
  }

  static Stream<Arguments> familiesAndLosses() {
    return Stream.of(TinyFamily.values())
        .flatMap(family -> Stream.of(PaperLoss.values()).map(loss -> Arguments.of(family, loss)));
  }

  @ParameterizedTest
  @MethodSource("familiesAndLosses")
  void ofEveryParameter(TinyFamily family, PaperLoss loss) throws Exception {
    compare(family.config(), loss, rows(4, 24, 40));
  }

  /**
   * The vocabulary is met in chunks of some hundreds of tokens at most: here it is met in several.
   */
  @ParameterizedTest
  @EnumSource(names = "SCORES", mode = EnumSource.Mode.EXCLUDE)
  void ofMoreTokensThanMeetTheVocabularyAtOnce(PaperLoss loss) throws Exception {
    String config = TinyFamily.QWEN2.with("{num_hidden_layers: 1, max_position_embeddings: 96}");
    List<Sequence> rows = rows(32, 96, 40);
    assertThat(rows.stream().mapToInt(row -> row.response().length).sum()).isGreaterThan(1100);
    compare(config, loss, rows);
  }

  /** Products of more than 2^24 multiplications take another way. */
  @ParameterizedTest
  @EnumSource
  void ofLargeProducts(PaperLoss loss) throws Exception {
    String config =
        TinyFamily.LLAMA_BIASED.with(
            """
            {hidden_size: 96, intermediate_size: 640, num_hidden_layers: 1, vocab_size: 1024,
             num_attention_heads: 8, head_dim: 12, max_position_embeddings: 96}
            """);
    compare(config, loss, rows(4, 96, 1024));
  }

  /** Random rows, one of them {@code longest} tokens long. */
  private static List<Sequence> rows(int count, int longest, int vocabulary) {
    Random random = new Random(11);
    List<Sequence> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = i == 1 ? longest : longest / 2 + random.nextInt(longest / 2);
      int prompt = 1 + random.nextInt(longest / 4);
      int[] ids = random.ints(length, 0, vocabulary).toArray();
      rows.add(new Sequence(Arrays.copyOf(ids, prompt), Arrays.copyOfRange(ids, prompt, length)));
    }
    return rows;
  }

  private void compare(String config, PaperLoss loss, List<Sequence> rows) throws Exception {
    ModelFolder model = TinyModels.describe(folder, config);
    try (Decoder decoder = model.decoder(loss.head())) {
      NDArray flat = TinyModels.random(decoder, manager);
      PaperDecoder paper = PaperDecoder.of(decoder, model.config(), flat, manager);
      double expected = walkBack(paper, loss, rows);
      TokenBatch batch = TokenBatch.of(rows, manager);
      for (boolean checkpoint : new boolean[] {false, true}) {
        NDArray gradient = flat.zerosLike();
        Tape tape = new Tape(decoder, flat, gradient, manager, checkpoint);
        NDArray actual = loss.of(tape, batch);
        tape.backward(actual);
        double tolerance = 1e-4 * Math.max(1, Math.abs(expected));
        assertThat((double) actual.getFloat()).isCloseTo(expected, within(tolerance));
        for (Layout.Slot slot : decoder.layout().slots().values()) {
          String name = slot.parameter().name();
          assertClose(name, slot.bytes(gradient).asFloatBuffer(), paper.gradient(name));
        }
      }
    }
  }

  /** The loss of {@code rows} by the papers, whose weights have their gradients afterwards. */
  private double walkBack(PaperDecoder paper, PaperLoss loss, List<Sequence> rows) {
    PtNDArray one = (PtNDArray) manager.ones(new Shape(), DataType.FLOAT64);
    double sum = 0;
    for (int i = 0; i < rows.size(); i++) {
      NDArray part = loss.of(paper, rows.get(i), i);
      JniUtils.backward((PtNDArray) part, one, false, false);
      sum += part.getDouble();
    }
    return sum;
  }

  /** All are within a ten-thousandth of the largest. */
  private static void assertClose(String name, FloatBuffer actual, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    if (!name.equals("lm_head.weight")) {
      // a language-model head has nothing to do with scores
      assertThat(largest).as(name).isPositive();
    }
    assertThat(actual.remaining()).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      if (Math.abs(actual.get(i) - expected[i]) > 1e-4 * largest) {
        assertThat((double) actual.get(i)).as(name + " at " + i).isEqualTo(expected[i]);
      }
    }
  }
}
