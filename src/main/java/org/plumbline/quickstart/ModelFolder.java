package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Hugging Face folder without weights: a Llama of about a million parameters, and a byte-level
 * byte-pair tokenizer that knows the world's words.
 *
 * @param vocabulary token to id, in the order of ids
 */
record ModelFolder(Map<String, Integer> vocabulary, List<BytePairTrainer.Merge> merges) {
  private static final String END_OF_TEXT = "<|endoftext|>";
  private static final int POSITIONS = 128;

  /** Learns the words of {@code dialogues}, as the dialogue template writes them. */
  static ModelFolder of(List<Demonstrations.Row> dialogues, int size) {
    BytePairTrainer trainer = new BytePairTrainer();
    for (Demonstrations.Row row : dialogues) {
      trainer.add("\n\nHuman: " + row.prompt() + "\n\nAssistant: " + row.response());
    }
    List<String> alphabet = ByteAlphabet.all();
    List<BytePairTrainer.Merge> merges = trainer.merges(size - 1 - alphabet.size());
    List<String> tokens = new ArrayList<>(List.of(END_OF_TEXT));
    tokens.addAll(alphabet);
    merges.forEach(merge -> tokens.add(merge.merged()));
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    tokens.forEach(token -> vocabulary.putIfAbsent(token, vocabulary.size()));
    return new ModelFolder(vocabulary, merges);
  }

  int vocabularySize() {
    return vocabulary.size();
  }

  void writeTo(InputFolder input) {
    input.modelFile("config.json", config());
    input.modelFile("tokenizer.json", tokenizer());
    input.modelFile("tokenizer_config.json", tokenizerConfig());
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of("LlamaForCausalLM"));
    config.put("model_type", "llama");
    config.put("hidden_size", 128);
    config.put("intermediate_size", 344);
    config.put("num_hidden_layers", 4);
    config.put("num_attention_heads", 4);
    config.put("num_key_value_heads", 4);
    config.put("head_dim", 32);
    config.put("vocab_size", vocabularySize());
    config.put("max_position_embeddings", POSITIONS);
    config.put("rms_norm_eps", 1e-5);
    config.put("rope_theta", 10000.0);
    config.put("hidden_act", "silu");
    config.put("attention_bias", false);
    config.put("mlp_bias", false);
    config.put("tie_word_embeddings", true);
    config.put("bos_token_id", 0);
    config.put("eos_token_id", 0);
    config.put("pad_token_id", 0);
    config.put("initializer_range", 0.02);
    config.put("torch_dtype", "float32");
    return config;
  }

  private Map<String, Object> tokenizer() {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("vocab", vocabulary);
    model.put("merges", merges.stream().map(merge -> merge.left() + " " + merge.right()).toList());
    Map<String, Object> end = new LinkedHashMap<>();
    end.put("id", vocabulary.get(END_OF_TEXT));
    end.put("content", END_OF_TEXT);
    for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
      end.put(flag, false);
    }
    end.put("special", true);
    Map<String, Object> tokenizer = new LinkedHashMap<>();
    tokenizer.put("version", "1.0");
    tokenizer.put("added_tokens", List.of(end));
    tokenizer.put("pre_tokenizer", byteLevel());
    tokenizer.put("decoder", byteLevel());
    tokenizer.put("model", model);
    return tokenizer;
  }

  private static Map<String, Object> byteLevel() {
    Map<String, Object> byteLevel = new LinkedHashMap<>();
    byteLevel.put("type", "ByteLevel");
    byteLevel.put("add_prefix_space", false);
    byteLevel.put("trim_offsets", true);
    byteLevel.put("use_regex", true);
    return byteLevel;
  }

  private static Map<String, Object> tokenizerConfig() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("eos_token", END_OF_TEXT);
    config.put("pad_token", END_OF_TEXT);
    config.put("add_bos_token", false);
    config.put("clean_up_tokenization_spaces", false);
    config.put("model_max_length", POSITIONS);
    return config;
  }
}
