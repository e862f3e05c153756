package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.Stages;

/** What each method makes of a few votes, reckoned by hand. */
class TestMethods {
  /** A prior so strong that accuracies stay where they are. */
  private static final String STRONG = "annotator-prior=1e12";

  private static final Ballots TWO_TO_ONE = ballots(0, "a", 1, "b", 1, "c", -1);
  private static final Ballots LONE = ballots(0, "a", 1);
  private static final Ballots TIED = ballots(0, "a", 0, "b", 0);

  private static Ballots ballots(int truth, Object... votes) {
    return ballots("left", "right", truth, votes);
  }

  private static Ballots ballots(String left, String right, int truth, Object... votes) {
    String[] workers = new String[votes.length / 2];
    double[] preferences = new double[workers.length];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = (String) votes[2 * i];
      preferences[i] = (int) votes[2 * i + 1];
    }
    return new Ballots(left, right, workers, preferences, truth);
  }

  private static Fitting.Fitted fitted(String method, String prior, List<List<Ballots>> questions) {
    return new Fitting(Stages.unchecked("method=" + method, prior), round -> {})
        .fit(
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
                .parallelize(questions, 2));
  }

  /** Twice 0.85 against once is 0.85 again; of abilities see the last test. */
  @ParameterizedTest
  @CsvSource({"majority,0.6666666666666666,1", "one-coin,0.85,0.85", "dawid-skene,0.85,0.85"})
  void votesBecomeProbabilities(String method, double twoToOne, double lone) {
    Belief belief =
        fitted(method, STRONG, List.of(List.of(TWO_TO_ONE), List.of(LONE, TIED))).belief();
    assertThat(belief.leftBetter(List.of(TWO_TO_ONE))[0]).isCloseTo(twoToOne, within(1e-9));
    double[] left = belief.leftBetter(List.of(LONE, TIED, ballots(0, "c", -1)));
    assertThat(left[0]).isCloseTo(lone, within(1e-9));
    assertThat(left[1]).isEqualTo(0.5);
    assertThat(left[2]).isCloseTo(1 - lone, within(1e-9));
    assertThat(belief.knows("c")).isTrue();
    assertThat(belief.knows("d")).isFalse();
  }

  /**
   * Who always says left is right on 10 gold questions of 20, with a prior of 10 judgments at 0.85:
   * 18.5 of 30 (Dawid-Skene: 18.5 of 20 where left is right and 8.5 of 20 where right is). Without
   * gold nobody would contradict, and each method would believe.
   */
  @ParameterizedTest
  @CsvSource({
    "majority,0.5",
    "one-coin,0.6166666666666667",
    "dawid-skene,0.675",
    "bradley-terry,0.6166666666666667"
  })
  void goldQuestionsShowWhoAlwaysSaysLeft(String method, double reliability) {
    List<List<Ballots>> questions = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      questions.add(List.of(ballots(i % 2 == 0 ? 1 : -1, "lefty", 1)));
    }
    Belief belief = fitted(method, "annotator-prior=10", questions).belief();
    assertThat(belief.reliability(Optional.of("lefty"))).isCloseTo(reliability, within(1e-6));
    // What is known is for workers: the question's own answer is not looked at.
    Ballots gold = ballots(-1, "lefty", 1);
    Ballots same = ballots(0, "lefty", 1);
    assertThat(belief.leftBetter(List.of(gold))).isEqualTo(belief.leftBetter(List.of(same)));
  }

  /** A beat B and B beat C, so that A is better than C by more, although nobody compared them. */
  @Test
  void abilitiesTellOfPairsThatNobodyCompared() {
    List<Ballots> prompt =
        List.of(ballots("A", "B", 0, "a", 1), ballots("C", "B", 0, "a", -1), ballots("A", "C", 0));
    Belief belief = fitted("bradley-terry", STRONG, List.of(prompt)).belief();
    double[] left = belief.leftBetter(prompt);
    assertThat(left[0]).isBetween(0.55, 0.85).isCloseTo(1 - left[1], within(1e-3));
    double odds = left[0] / (1 - left[0]) * (1 - left[1]) / left[1];
    assertThat(left[2]).isCloseTo(odds / (1 + odds), within(1e-9)).isGreaterThan(left[0]);
    assertThat(belief.reliability(Optional.of("a"))).isCloseTo(0.85, within(1e-9));
    assertThat(belief.reliability(Optional.of("stranger"))).isCloseTo(0.85, within(1e-9));
    double lone = belief.leftBetter(List.of(ballots(0, "a", 1)))[0];
    // At the maximum of (meant - s(d)) = a / 4 for each of two abilities a = d / 2.
    double d = Math.log(lone / (1 - lone));
    double meant = 0.85 * lone / (0.85 * lone + 0.15 * (1 - lone));
    assertThat(meant - lone).isCloseTo(d / 8, within(2e-3));
  }
}
