package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.testing.SharedData;

class TestTextStream {
  private static final String STORIES = "stories260K-hf";
  private static final String GPT2 = "tiny-random-gpt2";

  private static Tokenizer open(String model) {
    String uri = SharedData.path("data/models/" + model).toUri().toString();
    return Tokenizer.open(uri, new Configuration());
  }

  private static List<String> pieces(TextStream stream, int... ids) {
    List<String> pieces = new ArrayList<>();
    IntStream.of(ids).forEach(id -> pieces.add(stream.push(id)));
    pieces.add(stream.rest());
    return pieces;
  }

  @Test
  void spacesStandBetweenWordsOnly() {
    try (Tokenizer tokenizer = open(STORIES)) {
      assertThat(pieces(new TextStream(tokenizer), 1, 403, 407, 261, 378, 2))
          .containsExactly("", "Once", " upon", " a", " time", "", "");
      assertThat(pieces(new TextStream(tokenizer, new int[] {1, 403}), 407, 261))
          .containsExactly(" upon", " a", "");
    }
  }

  @Test
  void charactersOfSeveralTokensComeOutWhole() {
    try (Tokenizer stories = open(STORIES);
        Tokenizer gpt2 = open(GPT2)) {
      assertThat(pieces(new TextStream(stories), stories.encode("a日🙂é!")))
          .containsExactly("a", "", "", "日", "", "", "", "🙂", "é", "!", "");
      assertThat(pieces(new TextStream(gpt2), gpt2.encode("a日本é!")))
          .containsExactly("a", "", "", "日", "", "", "本", "", "é", "!", "");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {STORIES, GPT2})
  void piecesAddUpToTheText(String model) {
    try (Tokenizer tokenizer = open(model)) {
      for (String text : List.of("", "  two  spaces ", "\n\nlines\n", "Zoë's café, 日本語 naïve")) {
        int[] ids = tokenizer.encode(text);
        assertThat(String.join("", pieces(new TextStream(tokenizer), ids)))
            .isEqualTo(tokenizer.decode(ids))
            .isEqualTo(text);
      }
    }
  }

  @Test
  void bytesThatAreNoCharacterComeOutAsReplacements() {
    try (Tokenizer tokenizer = open(STORIES)) {
      int[] cutOff = IntStream.of(tokenizer.encode("a🙂")).limit(4).toArray();
      assertThat(pieces(new TextStream(tokenizer), cutOff))
          .containsExactly("a", "", "", "", "\uFFFD".repeat(3));
      // Ids 3 to 258 are the bytes: 0x80 may only continue a character.
      int[] never = IntStream.generate(() -> 3 + 0x80).limit(12).toArray();
      assertThat(pieces(new TextStream(tokenizer), never))
          .containsExactly(
              "",
              "",
              "",
              "\uFFFD".repeat(4),
              "",
              "",
              "",
              "\uFFFD".repeat(4),
              "",
              "",
              "",
              "\uFFFD".repeat(4),
              "");
    }
  }

  @Test
  void anySequenceOfIdsAddsUp() {
    try (Tokenizer tokenizer = open(GPT2)) {
      Random random = new Random(7);
      for (int round = 0; round < 200; round++) {
        int[] ids = random.ints(12, 0, 1000).toArray();
        assertThat(String.join("", pieces(new TextStream(tokenizer), ids)))
            .isEqualTo(tokenizer.decode(ids));
      }
    }
  }
}
