package org.plumbline.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A very small model of each family, and of each trait that members of a family may have. */
enum TinyFamily {
  GPT2(TinyModels.GPT2, "{}"),
  GPT2_UNTIED(TinyModels.GPT2, "{tie_word_embeddings: false, n_inner: 20}"),
  LLAMA(TinyModels.LLAMA, "{}"),
  LLAMA_TIED(
      TinyModels.LLAMA, "{tie_word_embeddings: true, num_key_value_heads: null, head_dim: null}"),
  LLAMA_BIASED(TinyModels.LLAMA, "{attention_bias: true, mlp_bias: true}"),
  LLAMA_LINEAR(TinyModels.LLAMA, "{rope_scaling: {type: 'linear', factor: 2.5}}"),
  /** Its three frequencies are kept, blended and divided. */
  LLAMA_3(
      TinyModels.LLAMA,
      """
      {num_key_value_heads: 1, rope_scaling: {rope_type: 'llama3', factor: 8, low_freq_factor: 0.3,
       high_freq_factor: 1.0, original_max_position_embeddings: 16}}
      """),
  MISTRAL(TinyModels.LLAMA, "{model_type: 'mistral', sliding_window: null}"),
  QWEN2(TinyModels.LLAMA, "{model_type: 'qwen2', use_sliding_window: false}"),
  QWEN3(TinyModels.LLAMA, "{model_type: 'qwen3'}"),
  QWEN3_BIASED(
      TinyModels.LLAMA,
      """
      {model_type: 'qwen3', attention_bias: true, tie_word_embeddings: true, rope_theta: null,
       rope_parameters: {rope_type: 'linear', factor: 2, rope_theta: 1e6}}
      """);

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private final String base;
  private final String traits;

  TinyFamily(String base, String traits) {
    this.base = base;
    this.traits = traits;
  }

  /** Its {@code config.json}. */
  String config() {
    return with("{}");
  }

  /** Its {@code config.json} with {@code changes}, which need no double quotes. */
  String with(String changes) {
    try {
      ObjectNode config = (ObjectNode) JSON.readTree(base);
      config.setAll((ObjectNode) JSON.readTree(traits));
      config.setAll((ObjectNode) JSON.readTree(changes));
      return config.toString();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** What the kernels make of it, with {@code changes}. */
  Architecture architecture(String changes) {
    return TinyModels.architecture(with(changes));
  }
}
