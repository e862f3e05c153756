package org.plumbline.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the truth says was planted is in the feedback. */
class PlantedFaultsTest {
  @TempDir static Path folder;
  private static SmallWorld world;

  @BeforeAll
  static void write() {
    world =
        SmallWorld.write(
            folder.resolve("faulty"),
            0,
            "demonstrations=100",
            "annotators=20",
            "vocabulary=300",
            "faults.unreliable=0.4",
            "faults.spammers=3",
            "faults.duplicates=0.02",
            "faults.cycles=20",
            "faults.leaks=12",
            "faults.personal-data=10",
            "faults.gold=0.2");
  }

  /** The lines that a fault names. */
  private static List<JsonNode> rows(JsonNode fault) {
    List<String> lines = world.lines("feedback.jsonl");
    List<JsonNode> rows = new ArrayList<>();
    for (JsonNode number : fault.get("lines")) {
      rows.add(json(lines.get(number.asInt() - 1)));
    }
    return rows;
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }

  private static List<JsonNode> faults(String fault) {
    return world.rows("faults-truth.jsonl").stream()
        .filter(row -> row.get("fault").asText().equals(fault))
        .toList();
  }

  /** The bytes that this seed wrote before there were faults to plant. */
  @Test
  void withoutFaultsTheWorldIsAsItWas() throws IOException, NoSuchAlgorithmException {
    SmallWorld plain =
        SmallWorld.write(folder.resolve("plain"), 0, "demonstrations=400", "vocabulary=300");

    assertThat(plain.input("faults-truth.jsonl")).doesNotExist();
    assertThat(hash(plain.input("feedback.jsonl")))
        .isEqualTo("d9b20b346f30c302ffa6b74546f536418e1b5e5a9d4120b18bbbfb8f7eec5a67");
    assertThat(hash(plain.input("annotators-truth.jsonl")))
        .isEqualTo("5ccfc8fc769c4230cc62a537ec7eecd91b5845d9917225f4e9cb9a8a9f58db2c");
  }

  private static String hash(Path file) throws IOException, NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(digest);
  }

  @Test
  void asManyAreListedAsWereAskedFor() {
    Map<String, Long> counts =
        world.rows("faults-truth.jsonl").stream()
            .collect(
                Collectors.groupingBy(row -> row.get("fault").asText(), Collectors.counting()));
    System.out.println("planted: " + counts);
    assertThat(counts)
        .containsEntry("unreliable", 8L)
        .containsEntry("spammer", 3L)
        .containsEntry("cycle", 20L)
        .containsEntry("leak", 12L)
        .containsEntry("personal-data", 10L);
    assertThat(counts.get("duplicate")).isBetween(90L, 150L);
    assertThat(counts.get("gold")).isBetween(200L, 700L);
  }

  @Test
  void theUnreliableAreNoBetterThanACoinAndSpammersAnswerByTheirRule() {
    Map<String, Double> accuracy = new HashMap<>();
    world
        .rows("annotators-truth.jsonl")
        .forEach(
            row -> accuracy.put(row.get("annotator").asText(), row.get("accuracy").asDouble()));
    assertThat(faults("unreliable"))
        .allSatisfy(
            fault ->
                assertThat(accuracy.get(fault.get("annotator").asText())).isBetween(0.4, 0.62));
    for (JsonNode fault : faults("spammer")) {
      List<JsonNode> own =
          world.goodFeedback().stream()
              .filter(row -> row.path("annotator").equals(fault.get("annotator")))
              .toList();
      assertThat(own).hasSizeGreaterThan(100);
      assertThat(own).allMatch(row -> obeys(fault.get("detail").asText(), row));
    }
  }

  private static boolean obeys(String rule, JsonNode row) {
    return switch (rule) {
      case "first-shown" -> !row.has("choice") || row.get("choice").equals(row.get("shown").get(0));
      case "same-answer" -> row.path("choice").asInt(0) == 0 && row.path("rating").asInt(1) == 1;
      default -> row.get("seconds").asDouble() <= 1.2;
    };
  }

  @Test
  void duplicatesReadTheSameAndCyclesGoRound() {
    assertThat(faults("duplicate"))
        .allSatisfy(
            fault -> {
              assertThat(rows(fault)).hasSizeGreaterThanOrEqualTo(2);
              assertThat(rows(fault)).allMatch(rows(fault).get(0)::equals);
            });
    for (JsonNode fault : faults("cycle")) {
      Map<String, String> beats = new HashMap<>();
      for (JsonNode row : rows(fault)) {
        assertThat(row.get("annotator")).isEqualTo(fault.get("annotator"));
        beats.put(row.at("/responses/0/text").asText(), row.at("/responses/1/text").asText());
      }
      assertThat(beats).hasSize(3);
      assertThat(beats.keySet()).allMatch(a -> beats.get(beats.get(beats.get(a))).equals(a));
    }
  }

  @Test
  void leaksPutHeldOutPromptsIntoTraining() {
    Map<String, String> splits = new HashMap<>();
    world
        .rows("prompts.jsonl")
        .forEach(row -> splits.put(row.get("prompt").asText(), row.get("split").asText()));
    for (JsonNode fault : faults("leak")) {
      for (JsonNode row : rows(fault)) {
        boolean exact = fault.get("detail").asText().equals("exact");
        assertThat(row.get("split").asText()).isEqualTo("train");
        assertThat(splits.get(row.get("prompt").asText())).isEqualTo(exact ? "heldout" : null);
      }
    }
  }

  @Test
  void goldTellsTheTruthAndPersonalDataIsInTheReply() {
    Map<String, Double> quality = new HashMap<>();
    world
        .rows("truth.jsonl")
        .forEach(
            row ->
                quality.put(
                    row.get("prompt").asText() + row.get("response").asText(),
                    row.get("quality").asDouble()));
    for (JsonNode fault : faults("gold")) {
      for (JsonNode row : rows(fault)) {
        assertThat(row.has("annotator")).isFalse();
        assertThat(row.get("gold").asBoolean()).isTrue();
        int best = row.has("choice") ? row.get("choice").asInt() : first(row.get("ranking"));
        String prompt = row.get("prompt").asText();
        double highest = quality.get(prompt + row.get("responses").get(best).get("text").asText());
        assertThat(row.get("responses").findValuesAsText("text"))
            .allMatch(text -> quality.get(prompt + text) <= highest);
      }
    }
    for (JsonNode fault : faults("personal-data")) {
      assertThat(rows(fault).get(0).at("/responses/0/text").asText())
          .containsPattern("@example\\.org|555-0143|4111|DE89|192\\.0\\.2");
    }
  }

  private static int first(JsonNode ranking) {
    for (int i = 0; i < ranking.size(); i++) {
      if (ranking.get(i).asInt() == 1) {
        return i;
      }
    }
    throw new AssertionError("no first in " + ranking);
  }
}
