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
      OptimizerFile.write(decoder, state(mean, square), 16_777_215, out);
    }
    Decoder.AdamState back = state(zeros(), zeros());
    assertThat(OptimizerFile.read(decoder, back, model)).isEqualTo(16_777_215);
    assertThat(back.mean().toFloatArray()).isEqualTo(mean.toFloatArray());
    assertThat(back.square().toFloatArray()).isEqualTo(square.toFloatArray());
    assertThat(back.flat().toFloatArray()).containsOnly(0);
  }

  private void assertRefused(List<SafetensorsWriter.Tensor> tensors, String why) throws Exception {
    try (OutputStream out = file()) {
      SafetensorsWriter.write(out, WeightType.F32, tensors);
    }
    assertThatThrownBy(() -> OptimizerFile.read(decoder, state(zeros(), zeros()), model))
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
