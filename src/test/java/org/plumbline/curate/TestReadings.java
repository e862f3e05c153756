package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestReadings {
  private record Cast(String left, String right, Vote vote) {
    String said() {
      return left + right + " " + vote.preference();
    }
  }

  private static List<Cast> read(Reading reading, Judgment... judgments) {
    List<Cast> casts = new ArrayList<>();
    reading.read(List.of(judgments), (left, right, vote) -> casts.add(new Cast(left, right, vote)));
    return casts;
  }

  private static Judgment judgment(
      String id, String kind, String annotator, List<String> responses, Judgment.Answer answer) {
    return judgment(id, kind, annotator, responses, List.of(), List.of(), answer);
  }

  private static Judgment judgment(
      String id,
      String kind,
      String annotator,
      List<String> responses,
      List<Integer> ranking,
      List<Integer> shown,
      Judgment.Answer answer) {
    return new Judgment(
        id,
        kind,
        "s",
        new Voter(Optional.ofNullable(annotator), Optional.empty(), false, null, null),
        responses,
        ranking,
        shown,
        answer,
        new Judgment.Place("f", 1));
  }

  private static Judgment ranking(List<Integer> ranking, List<Integer> shown, Double strength) {
    List<String> responses = List.of("a", "b", "c").subList(0, ranking.size());
    var answer = new Judgment.Answer(strength, null, null, null, null);
    return judgment("j", "ranking", "ann", responses, ranking, shown, answer);
  }

  private static Judgment verdict(String id, String annotator, String response, boolean yes) {
    var answer = new Judgment.Answer(null, yes, null, null, null);
    return judgment(id, "binary", annotator, List.of(response), answer);
  }

  private static Judgment rating(String id, String annotator, String response, double rating) {
    var answer = new Judgment.Answer(null, null, rating, null, null);
    return judgment(id, "rating", annotator, List.of(response), answer);
  }

  private static Judgment critique(
      String id, String annotator, String response, Double severity, String revision) {
    var answer = new Judgment.Answer(null, null, null, severity, revision);
    return judgment(id, "critique", annotator, List.of(response), answer);
  }

  private static List<String> said(List<Cast> casts) {
    return casts.stream().map(Cast::said).toList();
  }

  @Test
  void rankingComparesEveryTwo() {
    List<Cast> casts =
        read(new RankingReading(), ranking(List.of(2, 1, 2), List.of(2, 0, 1), null));
    assertThat(said(casts)).containsExactly("ab -1.0", "ac 0.0", "bc 1.0");
    assertThat(casts).extracting(c -> c.vote().leftFirst()).containsExactly(true, false, false);
  }

  @Test
  void strengthOfAChoiceIsTheWeightOfItsVote() {
    List<Cast> casts = read(new RankingReading(), ranking(List.of(2, 1), List.of(), 0.25));
    assertThat(said(casts)).containsExactly("ab -0.25");
    assertThat(casts.get(0).vote().leftFirst()).isNull();
  }

  @Test
  void whatOneAnnotatorAcceptedBeatsWhatTheSameDidNot() {
    List<Cast> casts =
        read(
            new BinaryReading(),
            verdict("1", "ann", "a", true),
            verdict("2", "ann", "b", false),
            verdict("3", "ann", "a", false),
            verdict("4", "ann", "c", false));
    // One of two verdicts on a is yes; b and c were refused alike, which says nothing.
    assertThat(said(casts)).containsExactly("ab 0.5", "ac 0.5");
    assertThat(casts.get(0).vote().annotator()).contains("ann");
    assertThat(casts.get(0).vote().judgments()).containsExactly("1", "3", "2");
  }

  @Test
  void othersAreComparedByTheirSharesOfYes() {
    List<Cast> casts =
        read(
            new BinaryReading(),
            verdict("1", "ann", "a", true),
            verdict("2", "ann", "b", false),
            verdict("3", "bob", "a", true),
            verdict("4", null, "a", false),
            verdict("5", "cyd", "b", false),
            verdict("6", null, "b", false));
    // Ann saw both. Of the others, one of two accepted a, and none of two accepted b; those nobody
    // is named for may be two people.
    assertThat(said(casts)).containsExactly("ab 1.0", "ab 0.5");
    assertThat(casts.get(1).vote().annotator()).isEmpty();
    assertThat(casts.get(1).vote().judgments()).containsExactly("4", "3", "6", "5");
  }

  @Test
  void revisionBeatsWhatItRevisesBySeverity() {
    List<Cast> casts =
        read(
            new CritiqueReading(),
            critique("1", "ann", "a", null, "better"),
            critique("2", "ann", "b", null, null),
            critique("3", null, "c", 0.3, "best"));
    assertThat(said(casts)).containsExactly("bettera 1.0", "bestc 0.3");
  }

  @Test
  void lessSeverelyCriticisedIsBetter() {
    List<Cast> casts =
        read(
            new CritiqueReading(),
            critique("1", "ann", "a", 0.5, null),
            critique("2", "ann", "a", 0.75, null),
            critique("3", "ann", "b", 0.25, null),
            rating("4", "ann", "c", 1),
            rating("5", "bob", "d", 1));
    // Severities 1.25, 0.25 and, seen but not criticised, 0; ann never saw d.
    assertThat(said(casts)).containsExactly("ab -1.0", "ac -1.0", "bc -0.25");
    assertThat(casts.get(0).vote().judgments()).containsExactly("1", "2", "3");
  }

  @Test
  void ratingsCompareWithinOneAnnotatorAfterCalibration() {
    // Two ratings 0 and 1 by ann: mean 0.5, variance 0.25, so z is -1 and 1; bob's z are his own.
    List<Cast> casts =
        read(
            new RatingReading(annOf(new Calibration.Sums(2, 1, 1))),
            rating("1", "ann", "a", 1),
            rating("2", "ann", "b", 0),
            rating("3", "bob", "c", 1));
    assertThat(casts).hasSize(1);
    Vote vote = casts.get(0).vote();
    assertThat(vote.margin()).isEqualTo(2.0);
    // Phi(2 / sqrt 2) = Phi(1.41421) = 0.92135, from tables of the normal distribution.
    assertThat(vote.preference()).isCloseTo(2 * 0.92135 - 1, within(1e-4));
    assertThat(vote.judgments()).containsExactly("1", "2");
  }

  @Test
  void ratingsOfOneResponseAreAveragedFirst() {
    List<Cast> casts =
        read(
            new RatingReading(annOf(new Calibration.Sums(2, 1, 1))),
            rating("1", "ann", "a", 1),
            rating("2", "ann", "a", 0.5),
            rating("3", "ann", "b", 0),
            rating("4", null, "a", 0),
            rating("5", null, "b", 0.5),
            rating("6", null, "b", 1));
    // Ann: (1 + 0) / 2 against -1. Nobody: -1 against (0 + 1) / 2.
    assertThat(casts).extracting(cast -> cast.vote().margin()).containsExactly(-1.5, 1.5);
  }

  private static Calibration annOf(Calibration.Sums ratings) {
    return Calibration.fit(Map.of("ann", ratings), ratings, 0);
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
    Voter ann = new Voter(Optional.of("a"), Optional.empty(), false, null, null);
    Vote vote = new Vote(0.5, 1.5, true, "rating", "s", ann, List.of("j"));
    assertThat(vote.mirrored())
        .isEqualTo(new Vote(-0.5, -1.5, false, "rating", "s", ann, List.of("j")));
    assertThat(vote.mirrored().mirrored()).isEqualTo(vote);
  }
}
