package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What adapters add to a decoder; their gradients are in {@link GradientTest}. */
class AdaptersTest {
  private static final List<Sequence> SEQUENCES =
      List.of(
          new Sequence(new int[] {3, 14, 15}, new int[] {9, 26, 5, 35}),
          new Sequence(new int[] {8}, new int[] {9, 7, 9, 32, 38, 4}));

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @BeforeEach
  void prepare() {
    Decoder.prepareThread(1);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Decoder decoder(String family, Head head, int rank, String... targets) throws Exception {
    String config = family.equals("gpt2") ? TinyModels.GPT2 : TinyModels.LLAMA;
    Lora lora = new Lora(rank, 3, false, List.of(targets));
    return TinyModels.describe(folder, config).decoder(head, Compute.FLOAT32, Optional.of(lora));
  }

  private static NDArray merged(Decoder on, NDArray flat) {
    NDArray merged = flat.duplicate();
    on.merge(merged);
    return merged;
  }

  private static NDArray view(NDArray array, Layout layout, String name) {
    Layout.Slot slot = layout.slots().get(name);
    return array
        .get(slot.offset() + ":" + (slot.offset() + slot.parameter().size()))
        .reshape(new Shape(slot.parameter().shape()));
  }

  @ParameterizedTest
  @CsvSource({
    "llama, 1, all-linear",
    "llama, 2, q_proj v_proj",
    "llama, 8, k_proj up_proj down_proj",
    "gpt2, 2, all-linear",
    "gpt2, 1, attn.c_proj"
  })
  void sayWhatMergedWeightsSay(String family, int rank, String targets) throws Exception {
    try (Decoder decoder = decoder(family, Head.VALUE, rank, targets.split(" "))) {
      NDArray flat = TinyModels.random(decoder, manager);
      NDArray adapters = TinyModels.random(decoder.trained(), manager);
      TokenBatch batch = TokenBatch.of(SEQUENCES, manager);
      Decoder on = decoder.with(adapters);
      NDArray merged = merged(on, flat);
      assertThat(merged.getShape()).isEqualTo(flat.getShape());

      float[] logits = on.logits(flat, batch.ids()).toFloatArray();
      assertThat(logits).isNotEqualTo(decoder.logits(flat, batch.ids()).toFloatArray());
      assertThat(logits)
          .containsExactly(decoder.logits(merged, batch.ids()).toFloatArray(), within(1e-5f));
      Decoder.PolicyOutputs outputs = on.policy(flat, batch, 0.7);
      Decoder.PolicyOutputs expected = decoder.policy(merged, batch, 0.7);
      assertThat(outputs.logprobs().toFloatArray())
          .containsExactly(expected.logprobs().toFloatArray(), within(1e-5f));
      // the head is that of the adapters, and the base's is none of their business
      assertThat(outputs.values().toFloatArray())
          .containsExactly(expected.values().toFloatArray(), within(1e-5f))
          .isNotEqualTo(decoder.policy(flat, batch, 0.7).values().toFloatArray());
    }
  }

  /** W + s B A, in a part of a block and where inputs come first. */
  @ParameterizedTest
  @CsvSource({"llama, model.layers.1.self_attn.v_proj", "gpt2, transformer.h.1.attn.c_attn"})
  void mergedIsTheEquation(String family, String module) throws Exception {
    try (Decoder decoder = decoder(family, Head.NONE, 2, module)) {
      NDArray flat = TinyModels.random(decoder, manager);
      NDArray adapters = TinyModels.random(decoder.trained(), manager);
      NDArray a = view(adapters, decoder.trained(), module + ".lora_A.weight");
      NDArray b = view(adapters, decoder.trained(), module + ".lora_B.weight");
      NDArray delta = b.matMul(a).mul(3f / 2);
      NDArray weight = view(flat, decoder.layout(), module + ".weight");
      NDArray expected = weight.add(family.equals("gpt2") ? delta.transpose() : delta);
      NDArray merged = merged(decoder.with(adapters), flat);
      assertThat(view(merged, decoder.layout(), module + ".weight").toFloatArray())
          .containsExactly(expected.toFloatArray(), within(1e-6f));
      NDArray changed = merged.neq(flat);
      assertThat(changed.countNonzero().getLong())
          .as("no other weight moves")
          .isBetween(weight.size() - 3, weight.size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gpt2"})
  void startWhereTheBaseIs(String family) throws Exception {
    try (Decoder decoder = decoder(family, Head.NONE, 8, Lora.ALL_LINEAR)) {
      NDArray flat = TinyModels.random(decoder, manager);
      NDArray adapters = Weights.initial(decoder.trained(), 1, manager);
      TokenBatch batch = TokenBatch.of(SEQUENCES, manager);
      assertThat(decoder.with(adapters).logits(flat, batch.ids()).toFloatArray())
          .isEqualTo(decoder.logits(flat, batch.ids()).toFloatArray());
      assertThat(merged(decoder.with(adapters), flat).toFloatArray())
          .isEqualTo(flat.toFloatArray());
      String module =
          family.equals("gpt2") ? "transformer.h.0.mlp.c_fc" : "model.layers.0.mlp.up_proj";
      NDArray a = view(adapters, decoder.trained(), module + ".lora_A.weight");
      assertThat(a.getShape()).isEqualTo(new Shape(8, 16));
      // Kaiming with a = sqrt(5): uniform, and no further than 1 / sqrt(inputs)
      assertThat(a.abs().max().getFloat()).isBetween(0.22f, 0.25f);
      assertThat(a.square().mean().getFloat()).isCloseTo(1f / 16 / 3, within(0.005f));
      NDArray again = Weights.initial(decoder.trained(), 1, manager);
      NDArray other = Weights.initial(decoder.trained(), 2, manager);
      assertThat(again.toFloatArray())
          .isEqualTo(adapters.toFloatArray())
          .isNotEqualTo(other.toFloatArray());
    }
  }

  /** So a policy and its reference can share one array. */
  @Test
  void workOnABaseWithoutAHead() throws Exception {
    try (Decoder policy = decoder("gpt2", Head.VALUE, 2, Lora.ALL_LINEAR);
        Decoder reference = decoder("gpt2", Head.NONE, 2, Lora.ALL_LINEAR)) {
      NDArray whole = TinyModels.random(policy, manager);
      NDArray base = whole.get(":" + reference.size());
      Decoder on = policy.with(TinyModels.random(policy.trained(), manager));
      TokenBatch batch = TokenBatch.of(SEQUENCES, manager);
      assertThat(on.policy(base, batch, 1).values().toFloatArray())
          .isEqualTo(on.policy(whole, batch, 1).values().toFloatArray());
      assertThat(merged(on, base).toFloatArray())
          .isEqualTo(merged(on, whole).get(":" + reference.size()).toFloatArray());
    }
  }

  @Test
  void lieInOneArrayInTheOrderOfTheLayers() throws Exception {
    try (Decoder decoder = decoder("llama", Head.SCORE, 4, "q_proj", "v_proj", "mlp.up_proj")) {
      assertThat(decoder.trained().slots().keySet())
          .containsExactly(
              "model.layers.0.self_attn.q_proj.lora_A.weight",
              "model.layers.0.self_attn.v_proj.lora_A.weight",
              "model.layers.0.self_attn.q_proj.lora_B.weight",
              "model.layers.0.self_attn.v_proj.lora_B.weight",
              "model.layers.0.mlp.up_proj.lora_A.weight",
              "model.layers.0.mlp.up_proj.lora_B.weight",
              "model.layers.1.self_attn.q_proj.lora_A.weight",
              "model.layers.1.self_attn.v_proj.lora_A.weight",
              "model.layers.1.self_attn.q_proj.lora_B.weight",
              "model.layers.1.self_attn.v_proj.lora_B.weight",
              "model.layers.1.mlp.up_proj.lora_A.weight",
              "model.layers.1.mlp.up_proj.lora_B.weight",
              "score.weight");
      // hidden 16, four heads of 6, two of keys and values, intermediate 20
      long layer = 4 * (16 + 16) + 4 * (24 + 12) + 4 * (16 + 20);
      assertThat(decoder.trainedSize()).isEqualTo(2 * layer + 16);
    }
  }

  @Test
  void withoutThemAllWeightsAreTrained() throws Exception {
    try (Decoder decoder = TinyModels.describe(folder, TinyModels.LLAMA).decoder(Head.VALUE)) {
      assertThat(decoder.trained()).isSameAs(decoder.layout());
      NDArray flat = TinyModels.random(decoder, manager);
      assertThatThrownBy(() -> decoder.with(flat))
          .hasMessageStartingWith("Cannot adapt a decoder with %d numbers".formatted(flat.size()));
    }
  }

  @Test
  void mayBeInSomeLayersOnly() throws Exception {
    String module = "model.layers.1.self_attn.q_proj";
    try (Decoder decoder = decoder("llama", Head.NONE, 2, module)) {
      assertThat(decoder.trained().slots()).hasSize(2);
      NDArray flat = TinyModels.random(decoder, manager);
      Decoder on = decoder.with(TinyModels.random(decoder.trained(), manager));
      NDArray ids = manager.create(new long[] {3, 14, 15}, new Shape(1, 3));
      assertThat(on.logits(flat, ids).toFloatArray())
          .containsExactly(decoder.logits(merged(on, flat), ids).toFloatArray(), within(1e-5f));
    }
    assertThatThrownBy(() -> decoder("llama", Head.NONE, 2, module, "layers.0.self_attn.v_proj"))
        .hasMessageStartingWith("Invalid target modules: [" + module);
  }

  @Test
  void saysWhichTargetIsNone() {
    assertThatThrownBy(() -> decoder("gpt2", Head.NONE, 2, "c_attn", "q_proj"))
        .hasMessage(
            "Invalid target module: q_proj (must be all-linear, or one of c_attn, c_fc, c_proj)");
    assertThatThrownBy(() -> decoder("llama", Head.NONE, 2, "lm_head"))
        .hasMessageStartingWith("Invalid target module: lm_head");
    assertThatThrownBy(() -> decoder("llama", Head.NONE, 0, "q_proj"))
        .hasMessage("Invalid rank of adapters: 0 (must be at least 1)");
  }

  @Test
  void scaleIsAlphaOverRankOrItsRoot() {
    assertThat(new Lora(4, 8, false, List.of()).scale()).isEqualTo(2);
    assertThat(new Lora(4, 8, true, List.of()).scale()).isEqualTo(4);
  }
}
