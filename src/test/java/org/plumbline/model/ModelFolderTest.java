package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ModelFolderTest {
  @TempDir Path folder;

  private Map<String, ByteArrayOutputStream> copy(String config, Head head, WeightType type)
      throws IOException {
    Map<String, ByteArrayOutputStream> files = new TreeMap<>();
    TinyModels.describe(folder, config)
        .copyDescription(
            head, type, name -> files.computeIfAbsent(name, any -> new ByteArrayOutputStream()));
    return files;
  }

  private JsonNode copiedConfig(String config, Head head, WeightType type) throws IOException {
    return new ObjectMapper().readTree(copy(config, head, type).get("config.json").toByteArray());
  }

  private JsonNode copiedConfig(String config, Head head) throws IOException {
    return copiedConfig(config, head, WeightType.F32);
  }

  @ParameterizedTest
  @CsvSource({
    "LLAMA, NONE, LlamaForCausalLM",
    "LLAMA, VALUE, LlamaForCausalLM",
    "LLAMA, SCORE, LlamaForSequenceClassification",
    "MISTRAL, NONE, MistralForCausalLM",
    "QWEN2, NONE, Qwen2ForCausalLM",
    "QWEN2, SCORE, Qwen2ForSequenceClassification",
    "QWEN3, VALUE, Qwen3ForCausalLM",
    "GPT2, NONE, GPT2LMHeadModel",
    "GPT2, VALUE, GPT2LMHeadModel",
    "GPT2, SCORE, GPT2ForSequenceClassification",
    "GPT2, CRITIC, GPT2Model"
  })
  void theConfigNamesWhatTheHeadMakesOfIt(TinyFamily family, Head head, String architecture)
      throws IOException {
    JsonNode copy = copiedConfig(family.config(), head);
    assertThat(copy.get("architectures")).hasSize(1);
    assertThat(copy.get("architectures").get(0).asText()).isEqualTo(architecture);
    assertThat(copy.path("num_labels").asInt()).isEqualTo(head == Head.SCORE ? 1 : 0);
  }

  @Test
  void theRestOfTheConfigStays() throws IOException {
    String config = TinyModels.GPT2.replace("{", "{\"num_labels\": 1, \"task\": {\"a\": [1]}, ");
    JsonNode copy = copiedConfig(config, Head.NONE);
    assertThat(copy.at("/task/a/0").asInt()).isEqualTo(1);
    assertThat(copy.get("n_embd").asInt()).isEqualTo(16);
    assertThat(copy.has("num_labels")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void theConfigSaysWhatTheWeightsAre(WeightType type) throws IOException {
    String name = type == WeightType.F32 ? "float32" : "bfloat16";
    JsonNode copy = copiedConfig(TinyModels.LLAMA, Head.NONE, type);
    assertThat(copy.get("torch_dtype").asText()).isEqualTo(name);
    assertThat(copy.has("dtype")).isFalse();
    String newer = TinyModels.GPT2.replace("{", "{\"torch_dtype\": null, \"dtype\": \"float16\", ");
    copy = copiedConfig(newer, Head.NONE, type);
    assertThat(copy.get("torch_dtype").asText()).isEqualTo(name);
    assertThat(copy.get("dtype").asText()).isEqualTo(name);
  }

  /** transformers counts the names of labels, if there are any. */
  @Test
  void aScoreHasNoNamedLabels() throws IOException {
    String labels = "{\"id2label\": {\"0\": \"a\", \"1\": \"b\"}, \"label2id\": {}, ";
    JsonNode copy = copiedConfig(TinyModels.LLAMA.replace("{", labels), Head.SCORE);
    assertThat(copy.get("num_labels").asInt()).isEqualTo(1);
    assertThat(copy.has("id2label") || copy.has("label2id")).isFalse();
  }

  @Test
  void companionsAreCopiedByteForByteAndWeightsAreNot() throws IOException {
    Map<String, byte[]> companions =
        Map.of(
            "vocab.json", new byte[] {'{', ' ', '}'},
            "added_tokens.json", new byte[] {'{', '\n', '}'},
            "special_tokens_map.json", new byte[] {'{', '}', ' '},
            "tokenizer.json", new byte[] {'{', '}', '\r', '\n'},
            "tokenizer.model", new byte[] {0, -1, 13, 10, -128},
            "merges.txt", new byte[] {(byte) 0xc4, (byte) 0xa0, ' ', 't'},
            "chat_template.jinja", new byte[] {'{', '%'},
            "generation_config.json", new byte[] {});
    for (Map.Entry<String, byte[]> companion : companions.entrySet()) {
      Files.write(folder.resolve(companion.getKey()), companion.getValue());
    }
    for (String name :
        new String[] {
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "README.md",
          "model-00001-of-00002.safetensors",
          "pytorch_model.bin.index.json"
        }) {
      Files.writeString(folder.resolve(name), name);
    }
    Files.createDirectories(folder.resolve("plumbline.json"));

    Map<String, ByteArrayOutputStream> copy = copy(TinyModels.LLAMA, Head.NONE, WeightType.F32);

    assertThat(copy.remove("config.json")).isNotNull();
    assertThat(copy).containsOnlyKeys(companions.keySet());
    companions.forEach(
        (name, bytes) -> assertThat(copy.get(name).toByteArray()).as(name).isEqualTo(bytes));
  }

  @Test
  void aFolderWithoutConfigIsNoModel() {
    ModelFolder model = new ModelFolder(folder.toUri().toString(), new Configuration());
    assertThatThrownBy(model::config)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("Cannot open model %s: it has no config.json", model.uri());
  }

  @Test
  void aConfigThatIsNoJsonIsRefused() throws IOException {
    ModelFolder model = TinyModels.describe(folder, "{\"model_type\": llama}");
    assertThatThrownBy(model::config)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith(
            "Cannot open model %s: Unrecognized token 'llama'".formatted(model.uri()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hidden_act           | 'gelu'  | must be silu",
        "attention_bias       | 1       | must be true or false",
        "num_key_value_heads  | 0       | must be a whole number > 0",
        "hidden_size          | -16     | must be a whole number > 0",
        "hidden_size          | 16.5    | must be a whole number > 0",
        "hidden_size          | 4294967312 | must be a whole number > 0",
        "rms_norm_eps         | 'small' | must be a number > 0",
        "tie_word_embeddings  | 'yes'   | must be true or false",
        "head_dim             | 5       | must be even"
      })
  void llamasThatAreNotSupported(String key, String value, String must) throws IOException {
    assertRefused(TinyModels.LLAMA, key, value.replace('\'', '"'), must);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "activation_function  | 'relu'  | must be gelu_new",
        "scale_attn_by_inverse_layer_idx | true | must be false",
        "scale_attn_weights   | false   | must be true",
        "layer_norm_epsilon   | 0       | must be a number > 0",
        "n_embd               | 18      | must be a multiple of n_head 4"
      })
  void gpt2sThatAreNotSupported(String key, String value, String must) throws IOException {
    assertRefused(TinyModels.GPT2, key, value.replace('\'', '"'), must);
  }

  private void assertRefused(String config, String key, String value, String must)
      throws IOException {
    String changed = config.replaceFirst("}\\s*$", ", \"" + key + "\": " + value + "}");
    ModelFolder model = TinyModels.describe(folder, changed);
    assertThatThrownBy(() -> model.decoder(Head.NONE).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid %s: %s (%s) in %s/config.json", key, value, must, model.uri());
  }

  @Test
  void otherFamiliesAreNotSupported() throws IOException {
    ModelFolder model = TinyModels.describe(folder, "{\"model_type\": \"bert\"}");
    assertThatThrownBy(() -> model.decoder(Head.NONE))
        .hasMessage(
            "Invalid model_type: bert (must be gpt2, llama, mistral, qwen2 or qwen3) in %s/config.json",
            model.uri());
  }

  @Test
  void aMissingSizeIsNamed() throws IOException {
    String config = TinyModels.LLAMA.replace("\"vocab_size\": 40, ", "");
    ModelFolder model = TinyModels.describe(folder, config);
    assertThatThrownBy(() -> model.decoder(Head.NONE))
        .hasMessage("Invalid vocab_size: missing (must be given) in %s/config.json", model.uri());
  }
}
