package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.testing.SharedData;

class TestTokenizer {
  private static Tokenizer open(String model) {
    Path folder = SharedData.path("data/models/" + model);
    return Tokenizer.open(folder.toUri().toString(), new Configuration());
  }

  @Test
  void readsTheStoriesTokenizer() {
    try (Tokenizer tokenizer = open("stories260K-hf")) {
      assertThat(tokenizer.encodeWithSpecial("Once upon a time"))
          .containsExactly(1, 403, 407, 261, 378);
      assertThat(tokenizer.encodeWithSpecial("Zoë's café 7"))
          .containsExactly(1, 410, 469, 414, 198, 174, 439, 419, 280, 412, 431, 485, 410, 491);
      assertThat(tokenizer.encode("Once upon a time")).containsExactly(403, 407, 261, 378);
      assertThat(tokenizer.decode(new int[] {1, 403, 407, 261, 378, 2}))
          .isEqualTo("Once upon a time");
      assertThat(tokenizer.bos()).hasValue(1);
      assertThat(tokenizer.eos()).isEqualTo(2);
      assertThat(tokenizer.addsBos()).isTrue();
    }
  }

  @Test
  void readsTheGpt2Tokenizer() {
    try (Tokenizer tokenizer = open("tiny-random-gpt2")) {
      assertThat(tokenizer.encode("Hello world, don't panic! 12345 naïve 日本"))
          .containsExactly(
              40, 416, 79, 206, 750, 12, 231, 200, 7, 84, 224, 220, 229, 1, 837, 19, 20, 21, 254,
              65, 125, 107, 711, 159, 151, 183, 98, 151, 188, 105);
      assertThat(tokenizer.decode(tokenizer.encode("naïve 日本"))).isEqualTo("naïve 日本");
      assertThat(tokenizer.eos()).isZero();
      assertThat(tokenizer.addsBos()).isFalse();
      assertThat(tokenizer.encodeContinuation(" Hello")).isEqualTo(tokenizer.encode(" Hello"));
    }
  }

  @Test
  void aContinuationHasNoSpacesOfItsOwn() {
    try (Tokenizer tokenizer = open("stories260K-hf")) {
      // "▁upon" is one token; a text by itself would begin with another space before it.
      assertThat(tokenizer.encodeContinuation(" upon a time")).containsExactly(407, 261, 378);
      int[] start = tokenizer.encode("Once up");
      int[] rest = tokenizer.encodeContinuation("on a time");
      int[] both = Arrays.copyOf(start, start.length + rest.length);
      System.arraycopy(rest, 0, both, start.length, rest.length);
      assertThat(tokenizer.decode(both)).isEqualTo("Once upon a time");
      assertThat(tokenizer.encodeContinuation("")).isEmpty();
    }
  }

  @Test
  void longTextsAreNotCutOff() {
    try (Tokenizer tokenizer = open("stories260K-hf")) {
      assertThat(tokenizer.encode("Once upon a time".repeat(1000))).hasSizeGreaterThan(4000);
    }
  }

  @Test
  void saysWhatIsMissing(@TempDir Path folder) throws Exception {
    String uri = folder.toUri().toString();
    assertThatThrownBy(() -> Tokenizer.open(uri, new Configuration()))
        .hasMessageStartingWith("Cannot open tokenizer of " + uri + ": ");
    Path model = SharedData.path("data/models/tiny-random-gpt2");
    Files.copy(model.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    assertThatThrownBy(() -> Tokenizer.open(uri, new Configuration()))
        .hasMessage(
            "Cannot open tokenizer of %s: no eos_token in tokenizer_config.json or config.json",
            uri);
  }

  @Test
  void knowsEverythingThatEndsAText(@TempDir Path folder) throws Exception {
    try (Tokenizer stories = open("stories260K-hf")) {
      assertThat(stories.stops()).containsExactly(2, 1);
    }
    try (Tokenizer gpt2 = open("tiny-random-gpt2")) {
      assertThat(gpt2.stops()).containsExactly(0, 98);
      assertThat(gpt2.isStop(98)).isTrue();
      assertThat(gpt2.isStop(97)).isFalse();
    }
    for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
      Files.copy(SharedData.path("data/models/stories260K-hf").resolve(file), folder.resolve(file));
    }
    String uri = folder.toUri().toString();
    Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": [2, 5]}");
    try (Tokenizer tokenizer = Tokenizer.open(uri, new Configuration())) {
      assertThat(tokenizer.stops()).containsExactly(2, 5, 1);
    }
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [7, 5]}");
    try (Tokenizer tokenizer = Tokenizer.open(uri, new Configuration())) {
      assertThat(tokenizer.stops()).containsExactly(2, 5, 7);
      assertThat(tokenizer.eos()).isEqualTo(2);
    }
  }

  @Test
  void tellsSpecialTokensFromOthers() {
    try (Tokenizer stories = open("stories260K-hf")) {
      assertThat(stories.isSpecial(2)).isTrue();
      assertThat(stories.spelling(2)).isEqualTo("</s>");
      assertThat(stories.isSpecial(403)).isFalse();
      assertThat(stories.isSpecial(13)).isFalse();
    }
  }
}
