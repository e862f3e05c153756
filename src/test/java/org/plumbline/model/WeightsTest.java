package org.plumbline.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.plumbline.model.SafetensorsTest.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {
  private static final String TIED = TinyModels.LLAMA.replace("false", "true");

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  private float[] load(ModelFolder model, Head head) throws IOException {
    try (Decoder decoder = model.decoder(head)) {
      return Weights.load(decoder, model, manager).toFloatArray();
    }
  }

  private Map<String, float[]> file(String name) throws IOException {
    return SafetensorsTest.read(Files.readAllBytes(folder.resolve(name))).values();
  }

  /** Writes the weights of {@code file} anew, each as {@code change} makes it. */
  private void rewrite(String file, UnaryOperator<List<SafetensorsWriter.Tensor>> change)
      throws IOException {
    SafetensorsTest.Contents old = SafetensorsTest.read(Files.readAllBytes(folder.resolve(file)));
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    old.values()
        .forEach((name, values) -> tensors.add(tensor(name, values, old.shapes().get(name))));
    try (OutputStream out = Files.newOutputStream(folder.resolve(file))) {
      SafetensorsWriter.write(out, WeightType.F32, change.apply(tensors));
    }
  }

  private static UnaryOperator<List<SafetensorsWriter.Tensor>> adding(
      SafetensorsWriter.Tensor tensor) {
    return tensors -> {
      tensors.add(tensor);
      return tensors;
    };
  }

  private static UnaryOperator<List<SafetensorsWriter.Tensor>> without(String name) {
    return tensors -> tensors.stream().filter(tensor -> !tensor.name().equals(name)).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {TinyModels.LLAMA, TinyModels.GPT2})
  void readsBackWhatItWrote(String config) throws Exception {
    ModelFolder model = TinyModels.describe(folder, config);
    try (Decoder decoder = model.decoder(Head.NONE)) {
      NDArray flat = Weights.initial(decoder, 7, manager);
      TinyModels.write(folder, decoder, flat);
      NDArray back = Weights.load(decoder, model, manager);
      assertThat(back.toFloatArray()).isEqualTo(flat.toFloatArray());
      NDArray ids = manager.create(new long[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
      float[] logits = decoder.logits(flat, ids).toFloatArray();
      assertThat(decoder.logits(back, ids).toFloatArray()).isEqualTo(logits);
      assertThat(logits).hasSize(2 * 3 * TinyModels.VOCABULARY).doesNotContain(Float.NaN);
    }
  }

  @Test
  void namesWeightsAsOtherToolsDo() throws Exception {
    TinyModels.write(folder, TinyModels.LLAMA, Head.NONE);
    assertThat(file(Weights.MODEL_FILE).keySet())
        .contains(
            "model.embed_tokens.weight",
            "model.layers.1.self_attn.k_proj.weight",
            "model.layers.1.mlp.gate_proj.weight",
            "model.norm.weight",
            "lm_head.weight")
        .hasSize(2 * 9 + 3);
  }

  @Test
  void theSameSeedGivesTheSameWeights() throws Exception {
    ModelFolder model = TinyModels.describe(folder, TinyModels.LLAMA);
    try (Decoder decoder = model.decoder(Head.NONE)) {
      float[] first = Weights.initial(decoder, 1, manager).toFloatArray();
      assertThat(Weights.initial(decoder, 1, manager).toFloatArray()).isEqualTo(first);
      assertThat(Weights.initial(decoder, 2, manager).toFloatArray()).isNotEqualTo(first);
    }
  }

  @Test
  void startsAsTheConfigSays() throws Exception {
    ModelFolder model = TinyModels.describe(folder, TinyModels.LLAMA);
    try (Decoder decoder = model.decoder(Head.SCORE)) {
      TinyModels.write(folder, decoder, Weights.initial(decoder, 1, manager));
    }
    Map<String, float[]> weights = file(Weights.MODEL_FILE);
    assertThat(weights.get("model.norm.weight")).containsOnly(1);
    assertThat(weights.get("score.weight")).containsOnly(0);
    assertThat(deviation(weights.get("model.embed_tokens.weight"))).isBetween(0.18, 0.22);
    // 0.2 / sqrt(2 layers * 2), since it adds to the residual stream
    assertThat(deviation(weights.get("model.layers.0.mlp.down_proj.weight"))).isBetween(0.08, 0.12);
  }

  private static Stream<String> tied() {
    return Stream.of(TIED, TinyModels.GPT2);
  }

  private static double deviation(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares / values.length);
  }

  @ParameterizedTest
  @MethodSource("tied")
  void theScoreHeadLiesBesideTheTrunk(String config) throws Exception {
    ModelFolder model = TinyModels.write(folder, config, Head.SCORE);
    assertThat(file(Weights.MODEL_FILE).get("score.weight")).hasSize(16).doesNotContain(0);
    assertThat(folder.resolve(Weights.VALUE_FILE)).doesNotExist();
    float[] flat = load(model, Head.SCORE);
    // the head comes last; a policy of the same folder has none
    float[] trunk = load(model, Head.NONE);
    assertThat(flat).startsWith(trunk).endsWith(file(Weights.MODEL_FILE).get("score.weight"));
    assertThat(flat).hasSize(trunk.length + 16);
  }

  @Test
  void theValueHeadHasAFileOfItsOwn() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.LLAMA, Head.VALUE);
    assertThat(file(Weights.MODEL_FILE)).doesNotContainKey("value_head.weight");
    Map<String, float[]> head = file(Weights.VALUE_FILE);
    assertThat(head).containsOnlyKeys("value_head.weight", "value_head.bias");
    assertThat(load(model, Head.VALUE))
        .endsWith(head.get("value_head.bias"))
        .containsSequence(head.get("value_head.weight"))
        .startsWith(load(model, Head.NONE));
  }

  @Test
  void anAbsentHeadStartsAtZero() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.GPT2, Head.NONE);
    assertThat(load(model, Head.SCORE)).endsWith(new float[16]);
    assertThat(load(model, Head.VALUE)).endsWith(new float[17]).startsWith(load(model, Head.NONE));
  }

  @Test
  void halfAHeadIsNone() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.GPT2, Head.VALUE);
    rewrite(Weights.VALUE_FILE, without("value_head.bias"));
    assertThatThrownBy(() -> load(model, Head.VALUE))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot load model %s: no weight value_head.bias", model.uri());
  }

  @Test
  void aMissingWeightIsNamed() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.LLAMA, Head.NONE);
    rewrite(Weights.MODEL_FILE, without("model.layers.1.mlp.up_proj.weight"));
    assertThatThrownBy(() -> load(model, Head.NONE))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot load model %s: no weight model.layers.1.mlp.up_proj.weight", model.uri());
  }

  @Test
  void aWeightUnderTwoNamesIsRefused() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.GPT2, Head.NONE);
    rewrite(Weights.MODEL_FILE, adding(tensor("ln_f.bias", new float[16], 16)));
    assertThatThrownBy(() -> load(model, Head.NONE))
        .hasMessage("Cannot load model %s: it has transformer.ln_f.bias twice", model.uri());
  }

  @Test
  void aWeightOfWholeNumbersIsRefused() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.GPT2, Head.NONE);
    String all = Files.readString(folder.resolve(Weights.MODEL_FILE), ISO_8859_1);
    Files.writeString(
        folder.resolve(Weights.MODEL_FILE), all.replaceFirst("\"F32\"", "\"I32\""), ISO_8859_1);
    assertThatThrownBy(() -> load(model, Head.NONE))
        .hasMessage(
            "Cannot load model %s: transformer.wte.weight has dtype I32 (must be F32, BF16 or F16)",
            model.uri());
  }

  @Test
  void anUnknownWeightIsNamed() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.LLAMA, Head.NONE);
    rewrite(Weights.MODEL_FILE, adding(tensor("model.layers.2.extra", new float[1], 1)));
    assertThatThrownBy(() -> load(model, Head.NONE))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot load model %s: unknown weight model.layers.2.extra", model.uri());
  }

  @Test
  void aWeightOfAnotherShapeIsNamed() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.LLAMA, Head.NONE);
    rewrite(Weights.MODEL_FILE, without("model.norm.weight"));
    rewrite(Weights.MODEL_FILE, adding(tensor("model.norm.weight", new float[16], 4, 4)));
    assertThatThrownBy(() -> load(model, Head.NONE))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot load model %s: model.norm.weight has shape [4, 4] (must be [16])", model.uri());
  }

  @Test
  void aFolderWithoutWeightsSaysSo() throws Exception {
    ModelFolder model = TinyModels.describe(folder, TinyModels.LLAMA);
    assertThat(model.hasWeights()).isFalse();
    assertThatThrownBy(() -> load(model, Head.NONE))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot load model %s: no model.safetensors", model.uri());
  }

  @Test
  void namesMayLackTheirPrefix() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.GPT2, Head.NONE);
    float[] flat = load(model, Head.NONE);
    rewrite(
        Weights.MODEL_FILE,
        tensors ->
            tensors.stream()
                .map(
                    tensor ->
                        new SafetensorsWriter.Tensor(
                            tensor.name().replace("transformer.", ""),
                            tensor.shape(),
                            tensor.format(),
                            tensor.parts()))
                .toList());
    assertThat(file(Weights.MODEL_FILE)).containsKeys("wte.weight", "h.1.ln_2.bias");
    assertThat(load(model, Head.NONE)).isEqualTo(flat);
  }

  @Test
  void copiesOfTiedWeightsAndBuffersArePassedOver() throws Exception {
    ModelFolder model = TinyModels.write(folder, TIED, Head.NONE);
    float[] flat = load(model, Head.NONE);
    rewrite(Weights.MODEL_FILE, adding(tensor("lm_head.weight", new float[640], 40, 16)));
    rewrite(
        Weights.MODEL_FILE,
        adding(tensor("model.layers.0.self_attn.rotary_emb.inv_freq", new float[3], 3)));
    assertThat(load(model, Head.NONE)).isEqualTo(flat);
  }

  @Test
  void gpt2CopiesAndMasksArePassedOver() throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.GPT2, Head.NONE);
    float[] flat = load(model, Head.NONE);
    rewrite(Weights.MODEL_FILE, adding(tensor("lm_head.weight", new float[640], 40, 16)));
    rewrite(Weights.MODEL_FILE, adding(tensor("h.0.attn.bias", new float[4], 1, 1, 2, 2)));
    rewrite(Weights.MODEL_FILE, adding(tensor("h.0.attn.masked_bias", new float[1])));
    assertThat(load(model, Head.NONE)).isEqualTo(flat);
  }
}
