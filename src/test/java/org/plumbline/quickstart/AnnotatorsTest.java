package org.plumbline.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the annotators are known to be shows in the raw judgments. */
class AnnotatorsTest {
  @TempDir static Path folder;
  private static SmallWorld world;
  private static List<Comparison> comparisons;

  /** One annotator's order of two responses. */
  private record Comparison(
      String item, String annotator, JsonNode better, JsonNode worse, boolean betterFirst) {
    int moreWords() {
      return better.get("text").asText().split(" ").length
          - worse.get("text").asText().split(" ").length;
    }

    String key() {
      String a = better.get("text").asText();
      String b = worse.get("text").asText();
      return item + (a.compareTo(b) < 0 ? a + b : b + a);
    }
  }

  @BeforeAll
  static void write() {
    world = SmallWorld.write(folder, 0);
    comparisons = new ArrayList<>();
    world.goodFeedback().forEach(AnnotatorsTest::compare);
  }

  private static void compare(JsonNode row) {
    JsonNode responses = row.get("responses");
    for (int i = 0; i < responses.size(); i++) {
      for (int j = 0; j < responses.size(); j++) {
        boolean better =
            row.has("choice")
                ? i == row.get("choice").asInt() && i != j
                : row.has("ranking")
                    && row.get("ranking").get(i).asInt() < row.get("ranking").get(j).asInt();
        if (better) {
          comparisons.add(
              new Comparison(
                  row.get("kind").asText() + row.get("prompt").asText(),
                  row.get("annotator").asText(),
                  responses.get(i),
                  responses.get(j),
                  position(row, i) < position(row, j)));
        }
      }
    }
  }

  private static int position(JsonNode row, int response) {
    for (int i = 0; i < row.get("shown").size(); i++) {
      if (row.get("shown").get(i).asInt() == response) {
        return i;
      }
    }
    throw new AssertionError("not shown: " + response + " in " + row);
  }

  private static Map<String, Double> shares(
      Predicate<Comparison> counted, Predicate<Comparison> hit) {
    Map<String, List<Comparison>> by = new TreeMap<>();
    comparisons.stream()
        .filter(counted)
        .forEach(each -> by.computeIfAbsent(each.annotator(), a -> new ArrayList<>()).add(each));
    Map<String, Double> shares = new TreeMap<>();
    by.forEach((a, all) -> shares.put(a, all.stream().filter(hit).count() / (double) all.size()));
    return shares;
  }

  @Test
  void disagreeAboutAQuarterOfWhatTwoOfThemJudged() {
    Map<String, List<Comparison>> byPair = new HashMap<>();
    comparisons.forEach(
        each -> byPair.computeIfAbsent(each.key(), k -> new ArrayList<>()).add(each));
    int doubly = 0;
    int disagreed = 0;
    for (List<Comparison> same : byPair.values()) {
      for (int i = 1; i < same.size(); i++) {
        doubly++;
        disagreed += same.get(i).better().equals(same.get(i - 1).better()) ? 0 : 1;
      }
    }
    System.out.printf(
        "%d comparisons, %d doubly judged, disagreement %.3f%n",
        comparisons.size(), doubly, disagreed / (double) doubly);
    assertThat(doubly).isGreaterThan(2000);
    assertThat(disagreed / (double) doubly).isBetween(0.22, 0.34);
    assertThat(comparisons.size()).isBetween(6000, 10000);
  }

  @Test
  void thoseWhoLikeLengthPickTheLongerMoreOften() {
    Map<String, Double> longer =
        shares(each -> each.moreWords() != 0, each -> each.moreWords() > 0);
    System.out.println("longer preferred: " + longer);
    assertThat(longer)
        .allSatisfy(
            (annotator, share) -> {
              boolean likesLength = annotator.matches("ann-03|ann-09");
              assertThat(share)
                  .as(annotator)
                  .isBetween(likesLength ? 0.58 : 0.38, likesLength ? 0.9 : 0.575);
            });
  }

  @Test
  void thoseWhoPreferTheFirstPickItMoreOften() {
    Map<String, Double> first = shares(each -> true, Comparison::betterFirst);
    System.out.println("first preferred: " + first);
    assertThat(first)
        .allSatisfy(
            (annotator, share) -> {
              boolean likesFirst = annotator.matches("ann-04|ann-10");
              assertThat(share)
                  .as(annotator)
                  .isBetween(likesFirst ? 0.545 : 0.44, likesFirst ? 0.8 : 0.56);
            });
  }

  @Test
  void theCarelessAreLeastOftenRight() {
    Map<String, Double> accuracy = new TreeMap<>();
    for (JsonNode row : world.rows("annotators-truth.jsonl")) {
      accuracy.put(row.get("annotator").asText(), row.get("accuracy").asDouble());
    }
    System.out.println("accuracy: " + accuracy);
    assertThat(accuracy.get("ann-07")).isBetween(0.5, 0.75);
    accuracy.forEach(
        (who, share) -> assertThat(share).as(who).isGreaterThanOrEqualTo(accuracy.get("ann-07")));
    assertThat(accuracy.get("ann-01")).isGreaterThan(0.9);
  }

  @Test
  void scalesAreUsedWithSeverityOfOnesOwn() {
    Map<String, double[]> ratings = new TreeMap<>();
    for (JsonNode row : world.goodFeedback()) {
      if (row.has("rating")) {
        double[] sum = ratings.computeIfAbsent(row.get("annotator").asText(), a -> new double[2]);
        sum[0] += row.get("rating").asDouble();
        sum[1]++;
      }
    }
    Map<String, Double> means = new TreeMap<>();
    ratings.forEach((who, sum) -> means.put(who, sum[0] / sum[1]));
    System.out.println("mean rating: " + means);
    double usual = means.values().stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    assertThat(means.get("ann-02")).isLessThan(usual - 0.25);
    assertThat(means.get("ann-06")).isGreaterThan(usual + 0.25);
  }
}
