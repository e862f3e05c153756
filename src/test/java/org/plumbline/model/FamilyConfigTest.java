package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each family makes of its {@code config.json}, above all where that is silent. */
class FamilyConfigTest {
  /** Shapes of the weights of the first layer's attention, and of what else has {@code part}. */
  private static Map<String, String> weights(Architecture architecture, String part) {
    Map<String, String> shapes = new TreeMap<>();
    new Layout(architecture, Head.NONE)
        .slots()
        .forEach(
            (name, slot) -> {
              if (name.startsWith("model.layers.0." + part)) {
                String shape = Arrays.toString(slot.parameter().shape());
                shapes.put(name.substring(("model.layers.0." + part).length()), shape);
              }
            });
    return shapes;
  }

  @Test
  void llamaHasBiasesWhereItSaysSo() {
    Architecture plain = TinyFamily.LLAMA.architecture("{}");
    assertThat(weights(plain, "self_attn."))
        .containsOnly(
            Map.entry("q_proj.weight", "[24, 16]"),
            Map.entry("k_proj.weight", "[12, 16]"),
            Map.entry("v_proj.weight", "[12, 16]"),
            Map.entry("o_proj.weight", "[16, 24]"));
    Architecture biased = TinyFamily.LLAMA.architecture("{attention_bias: true, mlp_bias: true}");
    assertThat(weights(biased, "self_attn."))
        .hasSize(8)
        .containsEntry("q_proj.bias", "[24]")
        .containsEntry("k_proj.bias", "[12]")
        .containsEntry("v_proj.bias", "[12]")
        .containsEntry("o_proj.bias", "[16]");
    assertThat(weights(biased, "mlp."))
        .hasSize(6)
        .containsEntry("gate_proj.bias", "[20]")
        .containsEntry("up_proj.bias", "[20]")
        .containsEntry("down_proj.bias", "[16]");
  }

  @Test
  void qwen2HasBiasesBeforeAttentionAndNoneAfterIt() {
    Architecture qwen2 = TinyFamily.QWEN2.architecture("{attention_bias: false}");
    assertThat(weights(qwen2, "self_attn."))
        .containsOnlyKeys(
            "q_proj.weight",
            "q_proj.bias",
            "k_proj.weight",
            "k_proj.bias",
            "v_proj.weight",
            "v_proj.bias",
            "o_proj.weight");
    assertThat(weights(qwen2, "mlp.")).hasSize(3);
  }

  @Test
  void qwen3NormsItsHeads() {
    Architecture qwen3 = TinyFamily.QWEN3.architecture("{}");
    assertThat(weights(qwen3, "self_attn."))
        .hasSize(6)
        .containsEntry("q_norm.weight", "[6]")
        .containsEntry("k_norm.weight", "[6]");
    assertThat(weights(TinyFamily.QWEN3.architecture("{attention_bias: true}"), "self_attn."))
        .hasSize(10)
        .containsEntry("o_proj.bias", "[16]");
  }

  @Test
  void mistralHasNeither() {
    String biases = "{attention_bias: true, mlp_bias: true}";
    assertThat(weights(TinyFamily.MISTRAL.architecture(biases), "self_attn.")).hasSize(4);
    assertThat(weights(TinyFamily.MISTRAL.architecture(biases), "mlp.")).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "llama, 64, 64, 4",
    "mistral, 64, 8, 4",
    "qwen2, 64, 32, 4",
    "qwen3, 64, 32, 128",
  })
  void headsGoWithoutSaying(String type, int heads, int kvHeads, int headDim) {
    String base = "{model_type: '%s', num_attention_heads: 64, hidden_size: 256, ".formatted(type);
    String config = TinyFamily.LLAMA.with(base + "num_key_value_heads: null, head_dim: null}");
    Architecture.Shape none = TinyModels.architecture(config).shape();
    // null is an answer: as many as heads
    assertThat(none.kvHeads()).isEqualTo(heads);
    assertThat(none.headDim()).isEqualTo(headDim);
    String silent = config.replace("\"num_key_value_heads\":null,", "");
    assertThat(silent).isNotEqualTo(config);
    assertThat(TinyModels.architecture(silent).shape().kvHeads()).isEqualTo(kvHeads);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "LLAMA   | sliding_window: 8                          | 24",
        "LLAMA   | sliding_window: 8, layer_types: ['full_attention', 'sliding_attention'] | 8",
        "MISTRAL | sliding_window: null                       | 24",
        "MISTRAL | sliding_window: 8                          | 8",
        "MISTRAL | sliding_window: 24                         | 24",
        "MISTRAL | sliding_window: 4096                       | 24",
        "QWEN2   | sliding_window: 8                          | 24",
        "QWEN2   | sliding_window: 8, use_sliding_window: true | 24",
        "QWEN2   | sliding_window: 8, use_sliding_window: true, max_window_layers: 2 | 24",
        "QWEN2   | sliding_window: 8, use_sliding_window: true, max_window_layers: 1 | 8",
        "QWEN3   | sliding_window: 8, use_sliding_window: true, max_window_layers: 0 | 8",
        "QWEN3   | sliding_window: 8, use_sliding_window: true, max_window_layers: 0,"
            + " layer_types: ['full_attention', 'full_attention'] | 24",
        "QWEN3   | sliding_window: 8, layer_types: ['sliding_attention', 'full_attention'] | 8"
      })
  void aWindowEndsTheContext(TinyFamily family, String changes, int tokens) {
    String key = tokens == 8 ? "sliding_window" : "max_position_embeddings";
    assertThat(family.architecture("{" + changes + "}").shape().context())
        .isEqualTo(new Context(tokens, key));
  }

  @Test
  void mistralHasAWindowUnlessItSaysNo() {
    String config = TinyFamily.LLAMA.with("{model_type: 'mistral', max_position_embeddings: 5000}");
    assertThat(TinyModels.architecture(config).shape().context())
        .isEqualTo(new Context(4096, "sliding_window"));
  }

  @Test
  void layersOfOtherKindsAreRefused() {
    assertThatThrownBy(
            () -> TinyFamily.QWEN3.architecture("{layer_types: ['full_attention', 'linear']}"))
        .hasMessage(
            "Invalid layer_types: \"linear\" (must be full_attention or sliding_attention) in"
                + " here");
  }

  @Test
  void headsThatCannotShareAreRefused() {
    assertThatThrownBy(() -> TinyFamily.QWEN2.architecture("{num_key_value_heads: 3}"))
        .hasMessage(
            "Invalid num_attention_heads: 4 (must be a multiple of num_key_value_heads 3) in here");
  }

  @Test
  void tiedEmbeddingsGoWithoutSayingInGpt2Alone() {
    for (TinyFamily family : TinyFamily.values()) {
      Layout layout = new Layout(family.architecture("{tie_word_embeddings: null}"), Head.NONE);
      assertThat(layout.slots().containsKey("lm_head.weight"))
          .as(family.name())
          .isEqualTo(!family.name().startsWith("GPT2"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LLAMA, embed_tokens.weight, model.embed_tokens.weight",
    "QWEN2, layers.0.self_attn.q_proj.bias, model.layers.0.self_attn.q_proj.bias",
    "QWEN3, norm.weight, model.norm.weight",
    "MISTRAL, model.norm.weight, model.norm.weight",
    "MISTRAL, lm_head.weight, lm_head.weight",
    "LLAMA, score.weight, score.weight",
    "GPT2, h.0.ln_1.weight, transformer.h.0.ln_1.weight",
    "GPT2, lm_head.weight, lm_head.weight"
  })
  void baseModelsLeaveOutAPrefix(TinyFamily family, String name, String canonical) {
    assertThat(family.architecture("{}").canonicalName(name)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @CsvSource({
    "LLAMA, model.layers.0.self_attn.rotary_emb.inv_freq, true",
    "QWEN3, model.rotary_emb.inv_freq, true",
    "LLAMA, lm_head.weight, false",
    "LLAMA_TIED, lm_head.weight, true",
    "LLAMA, model.layers.0.self_attn.q_proj.bias, false",
    "GPT2, lm_head.weight, true",
    "GPT2_UNTIED, lm_head.weight, false",
    "GPT2, transformer.h.0.attn.bias, true",
    "GPT2, transformer.h.0.attn.c_attn.bias, false"
  })
  void buffersAndCopiesMayBePassedOver(TinyFamily family, String name, boolean ignorable) {
    assertThat(family.architecture("{}").isIgnorable(name)).isEqualTo(ignorable);
  }
}
