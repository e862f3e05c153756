package org.plumbline.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedbackFileTest {
  @TempDir static Path folder;
  private static SmallWorld world;

  @BeforeAll
  static void write() {
    world = SmallWorld.write(folder, 1);
  }

  @Test
  void holdsAllKindsOnBothSides() {
    TreeMap<String, Integer> rows = new TreeMap<>();
    world
        .goodFeedback()
        .forEach(
            row ->
                rows.merge(
                    row.get("split").asText() + " " + row.get("kind").asText(), 1, Integer::sum));
    System.out.println("judgments: " + rows);
    assertThat(rows)
        .containsOnlyKeys(
            "heldout binary",
            "heldout choice",
            "heldout critique",
            "heldout ranking",
            "heldout rating",
            "train binary",
            "train choice",
            "train critique",
            "train ranking",
            "train rating");
    assertThat(rows.values()).allMatch(count -> count > 20);
  }

  @Test
  void rowsAreLaidOutAsReadersExpect() {
    for (JsonNode row : world.goodFeedback()) {
      int count = row.get("responses").size();
      assertThat(row.get("shown")).hasSize(count);
      assertThat(row.get("group").asText()).isIn("expert", "crowd");
      assertThat(row.get("seconds").asDouble()).isPositive();
      switch (row.get("kind").asText()) {
        case "ranking" -> {
          assertThat(count).isEqualTo(4);
          assertThat(row.get("ranking")).hasSize(4).anyMatch(rank -> rank.asInt() == 1);
          assertThat(row.get("responses").findValuesAsText("id"))
              .containsExactly("a", "b", "c", "d");
        }
        case "choice" -> {
          assertThat(row.get("choice").asInt()).isIn(0, 1);
          assertThat(row.get("strength").asDouble()).isIn(0.4, 0.7, 1.0);
        }
        case "binary" -> assertThat(row.get("acceptable").isBoolean()).isTrue();
        case "rating" -> {
          assertThat(row.get("rating").asInt()).isBetween(1, 5);
          assertThat(row.get("scale").toString()).isEqualTo("[1,5]");
        }
        default -> {
          assertThat(row.get("critique").asText()).isNotBlank();
          assertThat(row.get("revision").asText())
              .isNotBlank()
              .isNotEqualTo(row.at("/responses/0/text").asText());
        }
      }
    }
  }

  @Test
  void aFewRowsAreBad() {
    List<String> lines = world.lines("feedback.jsonl");
    int bad = lines.size() - world.goodFeedback().size();
    long malformed = lines.stream().filter(line -> !parses(line)).count();
    System.out.printf("%d lines, %d bad, %d malformed%n", lines.size(), bad, malformed);
    assertThat(bad / (double) lines.size()).isBetween(0.003, 0.008);
    assertThat(malformed).isPositive();
  }

  private static boolean parses(String line) {
    try {
      new ObjectMapper().readTree(line);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
