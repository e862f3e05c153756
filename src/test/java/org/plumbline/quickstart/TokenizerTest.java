package org.plumbline.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
  @TempDir static Path folder;
  private static SmallWorld world;

  @BeforeAll
  static void write() {
    world = SmallWorld.write(folder.resolve("usual"), 0);
  }

  private static HuggingFaceTokenizer tokenizer(SmallWorld world) throws Exception {
    return HuggingFaceTokenizer.newInstance(world.input("model").resolve("tokenizer.json"));
  }

  @Test
  void decodesWhatItEncoded() throws Exception {
    List<String> texts = new ArrayList<>();
    world.rows("demonstrations.jsonl").subList(0, 300).forEach(row -> texts.add(dialogue(row)));
    texts.addAll(
        List.of(
            "Grüße, 世界! \u0000\t\r\n  naïve 🙂👩‍🚀 ﷽ \u200b",
            "  two  spaces, don't 12345 it's",
            "\n\n\n",
            "Ġ\u0100Ċ"));
    try (HuggingFaceTokenizer tokenizer = tokenizer(world)) {
      for (String text : texts) {
        long[] ids = tokenizer.encode(text, false, false).getIds();
        assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
      }
      assertThat(tokenizer.encode("<|endoftext|>", false, false).getIds()).containsExactly(0);
    }
  }

  @Test
  void dialoguesAreShort() throws Exception {
    List<Integer> lengths = new ArrayList<>();
    try (HuggingFaceTokenizer tokenizer = tokenizer(world)) {
      for (JsonNode row : world.rows("truth.jsonl")) {
        lengths.add(tokenizer.encode(dialogue(row), false, false).getIds().length);
      }
    }
    Collections.sort(lengths);
    double mean = lengths.stream().mapToInt(Integer::intValue).average().orElseThrow();
    System.out.printf(
        "tokens per dialogue: mean %.1f, median %d, 95%% %d, 99%% %d, most %d%n",
        mean,
        lengths.get(lengths.size() / 2),
        lengths.get((int) (lengths.size() * 0.95)),
        lengths.get((int) (lengths.size() * 0.99)),
        lengths.get(lengths.size() - 1));
    assertThat(mean).isLessThan(55);
    assertThat(lengths.get((int) (lengths.size() * 0.95))).isLessThan(72);
    assertThat(lengths.get(lengths.size() - 1)).isLessThan(96);
  }

  private static String dialogue(JsonNode row) {
    return "\n\nHuman: "
        + row.get("prompt").asText()
        + "\n\nAssistant: "
        + row.get("response").asText();
  }

  @Test
  void configAgreesWithTheTokenizer() throws Exception {
    JsonNode config = new ObjectMapper().readTree(world.input("model/config.json").toFile());
    JsonNode tokenizer = new ObjectMapper().readTree(world.input("model/tokenizer.json").toFile());
    assertThat(config.get("vocab_size").asInt()).isEqualTo(768);
    assertThat(tokenizer.at("/model/vocab")).hasSize(768);
    assertThat(tokenizer.at("/model/vocab").get("<|endoftext|>").asInt()).isZero();
    assertThat(config.get("architectures").get(0).asText()).isEqualTo("LlamaForCausalLM");
    assertThat(config.get("tie_word_embeddings").asBoolean()).isTrue();
  }

  @Test
  void stopsWhenEveryWordIsWhole() throws Exception {
    SmallWorld small =
        SmallWorld.write(
            folder.resolve("small"), 0, "prompts=100", "demonstrations=20", "vocabulary=5000");
    int size = small.result().counts().get("vocabulary").intValue();
    assertThat(size).isBetween(300, 2000);
    JsonNode config = new ObjectMapper().readTree(small.input("model/config.json").toFile());
    assertThat(config.get("vocab_size").asInt()).isEqualTo(size);
  }
}
