package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimizerFileTest {
  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private ModelFolder model;
  private Decoder decoder;

  @BeforeEach
  void open() throws IOException {
    model = TinyModels.describe(folder, TinyModels.LLAMA);
    decoder = model.decoder(Head.VALUE);
    Files.createDirectories(folder.resolve("plumbline"));
  }

  @AfterEach
  void close() {
    decoder.close();
    manager.close();
  }

  private Decoder.AdamState state(NDArray mean, NDArray square) {
    return new Decoder.AdamState(zeros(), mean, square);
  }

  private Slice all() {
    return new Slice(0, decoder.size());
  }

  @ParameterizedTest
  @CsvSource({"1,2", "2,1", "2,3", "3,2", "4,3"})
  void anyNumberOfRanksReadsWhatAnyNumberWrote(int writers, int readers) throws Exception {
    NDArray mean = TinyModels.random(decoder, manager);
    NDArray square = mean.mul(mean);
    for (int rank = 0; rank < writers; rank++) {
      Slice slice = Slice.of(decoder.size(), rank, writers);
      try (OutputStream out =
          Files.newOutputStream(folder.resolve(OptimizerFile.name(rank, writers)))) {
        OptimizerFile.write(
            decoder, slice, state(slice.of(mean, manager), slice.of(square, manager)), 7, out);
      }
    }
    for (int rank = 0; rank < readers; rank++) {
      Slice slice = Slice.of(decoder.size(), rank, readers);
      Decoder.AdamState back =
          state(manager.zeros(new Shape(slice.size())), manager.zeros(new Shape(slice.size())));
      assertThat(OptimizerFile.read(decoder, slice, back, model)).isEqualTo(7);
      assertThat(back.mean().toFloatArray()).isEqualTo(slice.of(mean, manager).toFloatArray());
      assertThat(back.square().toFloatArray()).isEqualTo(slice.of(square, manager).toFloatArray());
    }
  }

  @Test
  void noRanksFileMayBeMissing() throws Exception {
    Slice half = Slice.of(decoder.size(), 0, 2);
    try (OutputStream out = Files.newOutputStream(folder.resolve(OptimizerFile.name(0, 2)))) {
      OptimizerFile.write(
          decoder, half, state(half.of(zeros(), manager), half.of(zeros(), manager)), 7, out);
    }
    assertThatThrownBy(() -> OptimizerFile.read(decoder, all(), state(zeros(), zeros()), model))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("plumbline/optimizer-00002-of-00002.safetensors");
  }

  private NDArray zeros() {
    return manager.zeros(new Shape(decoder.size()), DataType.FLOAT32);
  }

  private OutputStream file() throws IOException {
    return Files.newOutputStream(folder.resolve(OptimizerFile.NAME));
  }

  private List<SafetensorsWriter.Tensor> moments(String prefix) {
    return new ArrayList<>(Weights.tensors(decoder.layout(), zeros(), prefix, name -> true));
  }

  @Test
  void readsBackWhatItWrote() throws Exception {
    NDArray mean = TinyModels.random(decoder, manager);
    NDArray square = mean.mul(mean);
    try (OutputStream out = file()) {
      OptimizerFile.write(decoder, all(), state(mean, square), 16_777_215, out);
    }
    Decoder.AdamState back = state(zeros(), zeros());
    assertThat(OptimizerFile.read(decoder, all(), back, model)).isEqualTo(16_777_215);
    assertThat(back.mean().toFloatArray()).isEqualTo(mean.toFloatArray());
    assertThat(back.square().toFloatArray()).isEqualTo(square.toFloatArray());
    assertThat(back.flat().toFloatArray()).containsOnly(0);
  }

  private void assertRefused(List<SafetensorsWriter.Tensor> tensors, String why) throws Exception {
    try (OutputStream out = file()) {
      SafetensorsWriter.write(out, WeightType.F32, tensors);
    }
    assertThatThrownBy(() -> OptimizerFile.read(decoder, all(), state(zeros(), zeros()), model))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot load optimizer of %s: %s", model.uri(), why);
  }

  @Test
  void missesNothing() throws Exception {
    assertRefused(moments("exp_avg."), "no exp_avg_sq.model.embed_tokens.weight");
    List<SafetensorsWriter.Tensor> both = moments("exp_avg.");
    both.addAll(moments("exp_avg_sq."));
    assertRefused(both, "no step");
  }

  @Test
  void takesNothingElse() throws Exception {
    assertRefused(moments(""), "unknown parameter model.embed_tokens.weight");
    assertRefused(
        List.of(SafetensorsTest.tensor("exp_avg.model.norm.weight", new float[16], 2, 8)),
        "exp_avg.model.norm.weight has shape [2, 8] (must be [16])");
  }
}
