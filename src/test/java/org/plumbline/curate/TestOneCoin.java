package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.plumbline.testing.LocalSpark;

class TestOneCoin {
  private static final OneCoin PRIOR = OneCoin.prior(0.85, 10);

  @Test
  void anUnknownAnnotatorIsBelievedAtThePriorMean() {
    assertThat(PRIOR.leftBetter(List.of(TestReadings.vote(1)))).isCloseTo(0.85, within(1e-12));
    assertThat(PRIOR.leftBetter(List.of(TestReadings.vote(-1)))).isCloseTo(0.15, within(1e-12));
  }

  @Test
  void agreeingVotesMultiplyOdds() {
    double expected = 0.85 * 0.85 / (0.85 * 0.85 + 0.15 * 0.15);
    assertThat(PRIOR.leftBetter(List.of(TestReadings.vote(1), TestReadings.vote(1))))
        .isCloseTo(expected, within(1e-12));
    OneCoin known = new OneCoin(0.85, 10, Map.of("good", 0.9, "liar", 0.2));
    // Odds 9 for left by good, 4 for left by liar who says right.
    assertThat(
            known.leftBetter(List.of(TestReadings.vote(1, "good"), TestReadings.vote(-1, "liar"))))
        .isCloseTo(36.0 / 37, within(1e-12));
  }

  @Test
  void oppositeVotesAndTiesDecideNothing() {
    assertThat(PRIOR.leftBetter(List.of(TestReadings.vote(1), TestReadings.vote(-1))))
        .isCloseTo(0.5, within(1e-12));
    assertThat(PRIOR.leftBetter(List.of(TestReadings.vote(0)))).isEqualTo(0.5);
    assertThat(PRIOR.leftBetter(List.of(TestReadings.vote(1), TestReadings.vote(0))))
        .isCloseTo(0.85, within(1e-12));
  }

  private static JavaRDD<Row> items(List<List<Vote>> items) {
    List<Row> rows = new ArrayList<>();
    for (List<Vote> votes : items) {
      Item.Side side = new Item.Side("id", "text");
      rows.add(new Item("p", List.of(), "train", side, side, votes).row());
    }
    return LocalSpark.session().createDataFrame(rows, Item.TYPE).javaRDD();
  }

  @Test
  void oneRoundIsWhatOneCountsByHand() {
    // E: ann and bob agree on an item: P = q = .85^2 / (.85^2 + .15^2). M: (8.5 + q) / (10 + 1).
    double q = 0.85 * 0.85 / (0.85 * 0.85 + 0.15 * 0.15);
    JavaRDD<Row> items =
        items(
            List.of(
                List.of(TestReadings.vote(-1, "ann"), TestReadings.vote(-1, "bob")),
                List.of(TestReadings.vote(0, "bob"), TestReadings.vote(0.5, "cyd"))));
    OneCoin refitted = PRIOR.refit(items);
    assertThat(refitted.accuracy(Optional.of("ann"))).isCloseTo((8.5 + q) / 11, within(1e-9));
    assertThat(refitted.accuracy(Optional.of("bob"))).isCloseTo((8.5 + q) / 11, within(1e-9));
    // Half a vote: log-odds 0.5 logit(.85) on the item.
    double half = 1 / (1 + Math.exp(-0.5 * Math.log(0.85 / 0.15)));
    assertThat(refitted.accuracy(Optional.of("cyd")))
        .isCloseTo((8.5 + 0.5 * half) / 10.5, within(1e-9));
    assertThat(refitted.accuracy(Optional.of("dee"))).isEqualTo(0.85);
    assertThat(refitted.changeSince(PRIOR)).isGreaterThan(0);
  }

  @Test
  void recoversAnnotatorsFromTheirVotesAlone() {
    double[] truth = {0.95, 0.85, 0.7, 0.55, 0.2};
    Random random = new Random(7);
    List<List<Vote>> votes = new ArrayList<>();
    for (int i = 0; i < 800; i++) {
      int better = random.nextBoolean() ? 1 : -1;
      List<Vote> item = new ArrayList<>();
      for (int a = 0; a < truth.length; a++) {
        boolean right = random.nextDouble() < truth[a];
        item.add(TestReadings.vote(right ? better : -better, "a" + a));
      }
      votes.add(item);
    }
    JavaRDD<Row> items = items(votes).repartition(3).cache();
    OneCoin model = PRIOR;
    for (int round = 0; round < 12; round++) {
      model = model.refit(items);
    }
    for (int a = 0; a < truth.length; a++) {
      // Three standard errors of a share among 800 are at most 0.053.
      assertThat(model.accuracy(Optional.of("a" + a))).isCloseTo(truth[a], within(0.055));
    }
    assertThat(model.refit(items).accuracies())
        .as("the order of rows does not matter")
        .isEqualTo(model.refit(items.repartition(5)).accuracies());
    items.unpersist();
  }
}
