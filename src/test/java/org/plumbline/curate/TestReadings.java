package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestReadings {
  private static Judgment judgment(
      String id, String kind, String annotator, List<String> responses, Judgment.Answer answer) {
    return new Judgment(
        id, kind, "s", Optional.ofNullable(annotator), responses, List.of(), List.of(), answer);
  }

  private static Judgment ranking(List<Integer> ranking, List<Integer> shown, Double strength) {
    return new Judgment(
        "j",
        "ranking",
        "s",
        Optional.of("ann"),
        List.of("a", "b", "c").subList(0, ranking.size()),
        ranking,
        shown,
        new Judgment.Answer(strength, null, null, null));
  }

  private static List<String> said(List<Comparison> comparisons) {
    return comparisons.stream()
        .map(c -> c.left() + c.right() + " " + c.vote().preference())
        .toList();
  }

  @Test
  void rankingComparesEveryTwo() {
    List<Comparison> comparisons =
        new RankingReading().compare(List.of(ranking(List.of(2, 1, 2), List.of(2, 0, 1), null)));
    assertThat(said(comparisons)).containsExactly("ab -1.0", "ac 0.0", "bc 1.0");
    assertThat(comparisons)
        .extracting(c -> c.vote().leftFirst())
        .containsExactly(true, false, false);
  }

  @Test
  void strengthOfAChoiceIsTheWeightOfItsVote() {
    List<Comparison> comparisons =
        new RankingReading().compare(List.of(ranking(List.of(2, 1), List.of(), 0.25)));
    assertThat(said(comparisons)).containsExactly("ab -0.25");
    assertThat(comparisons.get(0).vote().leftFirst()).isNull();
  }

  @Test
  void acceptableBeatsUnacceptable() {
    var yes = new Judgment.Answer(null, true, null, null);
    var no = new Judgment.Answer(null, false, null, null);
    List<Comparison> comparisons =
        new BinaryReading()
            .compare(
                List.of(
                    judgment("1", "binary", "ann", List.of("a"), yes),
                    judgment("2", "binary", "ann", List.of("b"), no),
                    judgment("3", "binary", "bob", List.of("c"), no),
                    judgment("4", "binary", "bob", List.of("a"), no)));
    assertThat(said(comparisons)).containsExactly("ab 1.0", "ac 1.0");
    assertThat(comparisons.get(0).vote().annotator()).contains("ann");
    assertThat(comparisons.get(1).vote().annotator()).isEmpty();
    assertThat(comparisons.get(1).vote().annotators()).containsExactly("ann", "bob");
  }

  @Test
  void revisionBeatsWhatItRevises() {
    var revised = new Judgment.Answer(null, null, null, "better");
    var plain = new Judgment.Answer(null, null, null, null);
    List<Comparison> comparisons =
        new CritiqueReading()
            .compare(
                List.of(
                    judgment("1", "critique", "ann", List.of("a"), revised),
                    judgment("2", "critique", "ann", List.of("b"), plain)));
    assertThat(said(comparisons)).containsExactly("bettera 1.0");
  }

  @Test
  void ratingsCompareWithinOneAnnotatorAfterCalibration() {
    // Two ratings 0 and 1 by ann: mean 0.5, variance 0.25, so z is -1 and 1; bob's z are his own.
    Calibration calibration =
        Calibration.fit(
            Map.of("ann", new Calibration.Sums(2, 1, 1)), new Calibration.Sums(2, 1, 1), 0);
    List<Comparison> comparisons =
        new RatingReading(calibration)
            .compare(
                List.of(
                    rating("1", "ann", "a", 1), rating("2", "ann", "b", 0),
                    rating("3", "bob", "c", 1), rating("4", "ann", "a", 0.5)));
    assertThat(comparisons).hasSize(2);
    Vote vote = comparisons.get(0).vote();
    assertThat(vote.margin()).isEqualTo(2.0);
    // Phi(2 / sqrt 2) = Phi(1.41421) = 0.92135, from tables of the normal distribution.
    assertThat(vote.preference()).isCloseTo(2 * 0.92135 - 1, within(1e-4));
    assertThat(vote.judgments()).containsExactly("1", "2");
  }

  private static Judgment rating(String id, String annotator, String response, double rating) {
    return judgment(
        id, "rating", annotator, List.of(response), new Judgment.Answer(null, null, rating, null));
  }

  @Test
  void fewRatingsAreCalibratedTowardThePool() {
    // Ann gave 1, 1 (mean 1, variance 0); everybody together has mean 0.5 and variance 0.25.
    var own = new Calibration.Sums(2, 2, 2);
    var all = new Calibration.Sums(4, 2, 2);
    var scale = Calibration.fit(Map.of("ann", own), all, 6).byAnnotator().get("ann");
    assertThat(scale.location()).isCloseTo((2 * 1 + 6 * 0.5) / 8, within(1e-12));
    assertThat(scale.spread()).isCloseTo(Math.sqrt(6 * 0.25 / 8), within(1e-12));
    assertThat(new Calibration.Scale(0.5, 0).standardised(1)).isZero();
  }

  @Test
  void mirroringTwiceChangesNothing() {
    Vote vote = new Vote(0.5, 1.5, true, "rating", "s", List.of("a"), List.of("j"));
    assertThat(vote.mirrored())
        .isEqualTo(new Vote(-0.5, -1.5, false, "rating", "s", List.of("a"), List.of("j")));
    assertThat(vote.mirrored().mirrored()).isEqualTo(vote);
  }

  static Vote vote(double preference, String... annotators) {
    return new Vote(preference, null, null, "choice", "s", Arrays.asList(annotators), List.of("j"));
  }
}
