package org.plumbline.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.plumbline.testing.LocalSpark;

/** Statistics of answers, over Spark's items and over those that are here. */
class AgreementStatisticsTest {
  /** Twelve units by four observers (Krippendorff 2011, section C); 0 is no answer. */
  private static final int[][] OBSERVERS = {
    {1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0},
    {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3},
    {0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0},
    {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0}
  };

  private static final double[] VALUES = {1, 2, 3, 4, 5};

  /** Nominal 0.743, ordinal 0.815. */
  @Test
  void krippendorffsOwnExample() {
    var alpha = AgreementStatistics.of(rdd(units()), 5, VALUES).alpha();
    assertThat(alpha.get(KrippendorffAlpha.NOMINAL)).isCloseTo(0.743, within(5e-4));
    assertThat(alpha.get(KrippendorffAlpha.ORDINAL)).isCloseTo(0.815, within(5e-4));
    assertThat(alpha.get(KrippendorffAlpha.INTERVAL)).isCloseTo(0.849, within(5e-4));
  }

  @Test
  void partitionsChangeNothing() {
    assertThat(AgreementStatistics.of(rdd(units()), 5, VALUES))
        .isEqualTo(AgreementStatistics.of(units(), 5, VALUES));
  }

  /** All couples of its answers would not go into a long of billionths. */
  @Test
  void oneItemMayHaveManyAnswers() {
    int answers = 200_000;
    Workers crowd = Workers.of(List.of("a", "b"));
    List<Answer> all = new ArrayList<>();
    for (int i = 0; i < answers; i++) {
      all.add(Answer.of("a", i % 4 == 0 ? 1 : 0));
    }
    AgreementStatistics found =
        AgreementStatistics.of(List.of(LabelledItem.of("i", all, crowd)), 2, null);
    double same = 0.75 * (0.75 * answers - 1) + 0.25 * (0.25 * answers - 1);
    assertThat(found.raw()).isCloseTo(same / (answers - 1), within(1e-9));
  }

  /** Six items that both answered: the same label four times. */
  @Test
  void kappaOfTwoWorkersIsThatOfTheirTable() {
    int[][] both = {{0, 0}, {0, 0}, {1, 1}, {2, 2}, {0, 1}, {2, 0}};
    double[][] counts = new double[3][3];
    Workers workers = Workers.of(List.of("a", "b"));
    List<LabelledItem> items = new ArrayList<>();
    for (int[] labels : both) {
      counts[labels[0]][labels[1]]++;
      List<Answer> answers = List.of(Answer.of("a", labels[0]), Answer.of("b", labels[1]));
      items.add(LabelledItem.of("i" + items.size(), answers, workers));
    }
    // By chance (3 * 3 + 1 * 2 + 2 * 1) / 36.
    double kappa = (4.0 / 6 - 13.0 / 36) / (1 - 13.0 / 36);
    assertThat(CohenKappa.of(counts)).isCloseTo(kappa, within(1e-12));
    assertThat(CohenKappa.pairwise(rdd(items), 3, new int[] {1, 2}))
        .hasSize(1)
        .allSatisfy((pair, found) -> assertThat(found).isCloseTo(kappa, within(1e-12)));
  }

  @Test
  void abilitiesNeedWinsBothWays() {
    assertThatThrownBy(() -> BradleyTerry.fit(new double[][] {{0, 3}, {0, 0}}))
        .hasMessageStartingWith("Cannot fit abilities: player 1");
  }

  private static List<LabelledItem> units() {
    Workers workers = Workers.of(List.of("0", "1", "2", "3"));
    List<LabelledItem> items = new ArrayList<>();
    for (int unit = 0; unit < 12; unit++) {
      List<Answer> answers = new ArrayList<>();
      for (int observer = 0; observer < 4; observer++) {
        if (OBSERVERS[observer][unit] > 0) {
          answers.add(Answer.of(String.valueOf(observer), OBSERVERS[observer][unit] - 1));
        }
      }
      items.add(LabelledItem.of("u" + unit, answers, workers));
    }
    return items;
  }

  private static JavaRDD<LabelledItem> rdd(List<LabelledItem> items) {
    return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
        .parallelize(items, 3);
  }
}
