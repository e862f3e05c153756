package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Descriptions of published models come to as many parameters as those have. The counts are widely
 * known; each also follows from the sizes, with V words, C hidden, F inner, L layers and q and kv
 * the widths of all queries and of all keys: V C (twice if untied) + C + L (2 C + 2 C q + 2 C kv +
 * 3 C F) for the Llama family, and q + 2 kv more a layer for Qwen2, 2 D more for Qwen3.
 */
class PublishedConfigsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt2         | 124439808  | 1024  | GPT2",
        "tinyllama    | 1100048384 | 2048  | Llama",
        "llama-3.2-1b | 1235814400 | 131072 | Llama",
        "mistral-7b   | 7241732096 | 4096  | Mistral",
        "qwen2.5-0.5b | 494032768  | 32768 | Qwen2",
        "qwen3-0.6b   | 596049920  | 40960 | Qwen3"
      })
  void comeToTheirSize(String model, long parameters, int context, String family) {
    Architecture architecture = TinyModels.architecture(config(model));
    assertThat(new Layout(architecture, Head.NONE).size()).isEqualTo(parameters);
    assertThat(architecture.shape().context().tokens()).isEqualTo(context);
    assertThat(architecture.family()).isEqualTo(family);
  }

  /** What says something of the model, as its publisher has it. */
  private static String config(String model) {
    return switch (model) {
      case "gpt2" ->
          """
          {"model_type": "gpt2", "vocab_size": 50257, "n_embd": 768, "n_layer": 12, "n_head": 12,
           "n_positions": 1024, "activation_function": "gelu_new", "attn_pdrop": 0.1,
           "layer_norm_epsilon": 1e-05}
          """;
      case "tinyllama" ->
          """
          {"model_type": "llama", "vocab_size": 32000, "hidden_size": 2048,
           "intermediate_size": 5632, "num_hidden_layers": 22, "num_attention_heads": 32,
           "num_key_value_heads": 4, "max_position_embeddings": 2048, "hidden_act": "silu",
           "attention_bias": false, "rms_norm_eps": 1e-05, "rope_scaling": null,
           "rope_theta": 10000.0, "tie_word_embeddings": false, "pretraining_tp": 1}
          """;
      case "llama-3.2-1b" ->
          """
          {"model_type": "llama", "vocab_size": 128256, "hidden_size": 2048,
           "intermediate_size": 8192, "num_hidden_layers": 16, "num_attention_heads": 32,
           "num_key_value_heads": 8, "head_dim": 64, "max_position_embeddings": 131072,
           "hidden_act": "silu", "attention_bias": false, "attention_dropout": 0.0,
           "mlp_bias": false, "rms_norm_eps": 1e-05, "rope_theta": 500000.0,
           "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
             "original_max_position_embeddings": 8192, "rope_type": "llama3"},
           "tie_word_embeddings": true}
          """;
      case "mistral-7b" ->
          """
          {"model_type": "mistral", "vocab_size": 32000, "hidden_size": 4096,
           "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32,
           "num_key_value_heads": 8, "max_position_embeddings": 32768, "hidden_act": "silu",
           "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "sliding_window": 4096,
           "tie_word_embeddings": false}
          """;
      case "qwen2.5-0.5b" ->
          """
          {"model_type": "qwen2", "vocab_size": 151936, "hidden_size": 896,
           "intermediate_size": 4864, "num_hidden_layers": 24, "num_attention_heads": 14,
           "num_key_value_heads": 2, "max_position_embeddings": 32768, "hidden_act": "silu",
           "attention_dropout": 0.0, "max_window_layers": 24, "rms_norm_eps": 1e-06,
           "rope_theta": 1000000.0, "sliding_window": 32768, "use_sliding_window": false,
           "tie_word_embeddings": true}
          """;
      default ->
          """
          {"model_type": "qwen3", "vocab_size": 151936, "hidden_size": 1024,
           "intermediate_size": 3072, "num_hidden_layers": 28, "num_attention_heads": 16,
           "num_key_value_heads": 8, "head_dim": 128, "max_position_embeddings": 40960,
           "hidden_act": "silu", "attention_bias": false, "attention_dropout": 0.0,
           "max_window_layers": 28, "rms_norm_eps": 1e-06, "rope_scaling": null,
           "rope_theta": 1000000, "sliding_window": null, "use_sliding_window": false,
           "tie_word_embeddings": true}
          """;
    };
  }
}
