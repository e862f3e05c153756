package org.plumbline.curate.bias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.plumbline.config.BiasSettings;
import org.plumbline.table.BiasesTable;
import org.plumbline.table.VotesTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.SharedData;

class TestBiases {
  private static final StructType POSTERIOR =
      new StructType()
          .add("pair_id", DataTypes.StringType, false)
          .add("left_better", DataTypes.DoubleType, false);

  private final List<Row> rows = new ArrayList<>();

  private void vote(String pair, String annotator, String group, double preference, Boolean first) {
    vote(pair, annotator, group, preference, first, 100, 50, false);
  }

  private void vote(
      String pair,
      String annotator,
      String group,
      double preference,
      Boolean leftFirst,
      int left,
      int right,
      boolean gold) {
    rows.add(
        RowFactory.create(
            pair,
            pair,
            "l",
            "r",
            new String[0],
            annotator,
            group,
            "choice",
            "test",
            preference,
            null,
            leftFirst,
            left,
            right,
            "small",
            "large",
            gold,
            null,
            null,
            "train"));
  }

  private Dataset<Row> votes() {
    return LocalSpark.session().createDataFrame(rows, VotesTable.TABLE.schema());
  }

  private static Dataset<Row> posteriors(double... leftBetter) {
    List<Row> posteriors = new ArrayList<>();
    for (int i = 0; i < leftBetter.length; i++) {
      posteriors.add(RowFactory.create("p" + i, leftBetter[i]));
    }
    return LocalSpark.session().createDataFrame(posteriors, POSTERIOR);
  }

  private static BiasSettings settings(String position, boolean length, String groups) {
    return new BiasSettings(position, length, groups, 10, 3, 8);
  }

  private static VoteView view(String name, String group, Boolean leftFirst, double preference) {
    return new VoteView(
        Optional.ofNullable(name), Optional.ofNullable(group), leftFirst, 100, 50, preference);
  }

  @Test
  void sharesAreOfVotesThatCanTell() {
    for (int i = 0; i < 6; i++) {
      vote("p" + i, "ann", "a", i < 5 ? 1 : -0.4, true);
      vote("p" + i, "bob", "b", i < 3 ? 1 : -1, i % 2 == 0);
    }
    vote("p0", "ann", "a", 0, true);
    vote("p1", null, null, 1, null);
    vote("p2", null, null, -1, true, 1, 999, true);
    BiasReport report =
        Biases.measure(
            votes(), posteriors(0.9, 0.9, 0.9, 0.8, 0.6, 0.4), settings("none", false, "none"));

    BiasEstimate first = report.overall("position", "share").orElseThrow();
    assertThat(first.n()).isEqualTo(12);
    assertThat(first.estimate()).isCloseTo(9 / 12.0, within(1e-12));
    assertThat(report.overall("length", "share").orElseThrow().estimate())
        .isCloseTo(9 / 13.0, within(1e-12));
    BiasEstimate ann = report.byAnnotator("position", "share").get(0);
    assertThat(ann.annotator()).isEqualTo("ann");
    // Wilson's interval of 5 in 6 that are worth 5: six clusters have five degrees of freedom.
    assertThat(ann.low()).isCloseTo(0.4033, within(1e-3));
    assertThat(ann.high()).isCloseTo(0.9737, within(1e-3));
    assertThat(report.estimates())
        .filteredOn(each -> each.bias().equals("model") && each.annotator() == null)
        .filteredOn(each -> each.measure().equals("share"))
        .extracting(BiasEstimate::subject)
        .containsExactlyInAnyOrder("large", "small");
    assertThat(report.votesByGroup()).containsEntry("a", 6L).containsEntry("b", 6L);
    assertThat(report.rows(LocalSpark.session()).columns())
        .isEqualTo(BiasesTable.TABLE.schema().fieldNames());
  }

  @Test
  void votesThatHangTogetherTellLess() {
    Shares.Sum apart = new Shares.Sum(40, 40, 20, 20, 20, 40);
    // Ten prompts of four votes that all say the same.
    Shares.Sum together = new Shares.Sum(10, 40, 20, 80, 80, 160);

    assertThat(apart.designEffect()).isCloseTo(40 / 39.0, within(1e-12));
    assertThat(together.designEffect()).isCloseTo(4 * 10 / 9.0, within(1e-12));
  }

  @Test
  void bothOrdersCountTheSame() {
    for (int i = 0; i < 40; i++) {
      vote("p" + i, i < 20 ? "ann" : "bob", "a", i % 4 == 0 ? -1 : 1, true);
    }
    BiasReport report = Biases.measure(votes(), posteriors(0.5), settings("none", false, "none"));
    Mitigations overall = Mitigations.of(report, settings("overall", false, "none"));
    List<VoteView> one =
        List.of(
            view("ann", null, true, 1),
            view("ann", null, true, -1),
            view("ann", null, false, 1),
            view("ann", null, null, 1),
            view("ann", null, true, 0));

    assertThat(overall.weights(one))
        .containsExactly(new double[] {2 / 3.0, 2, 2, 1, 1}, within(1e-12));
    assertThat(Mitigations.of(report, settings("annotator", false, "none")).weights(one))
        .containsExactly(new double[] {2 / 3.0, 2, 2, 1, 1}, within(1e-12));
    assertThat(Mitigations.none().weights(one)).containsOnly(1);
  }

  @Test
  void groupsHaveTheSameSay() {
    BiasReport report = new BiasReport(List.of(), 1, 0, Map.of("a", 30L, "b", 10L));
    List<VoteView> votes =
        List.of(
            view("1", "a", null, 1),
            view("2", "a", null, 1),
            view("3", "a", null, 1),
            view("4", "b", null, -1),
            view("5", null, null, -1));

    assertThat(Mitigations.of(report, settings("none", false, "pair")).weights(votes))
        .containsExactly(new double[] {2 / 3.0, 2 / 3.0, 2 / 3.0, 2, 1}, within(1e-12));
    assertThat(Mitigations.of(report, settings("none", false, "overall")).weights(votes))
        .containsExactly(new double[] {2 / 3.0, 2 / 3.0, 2 / 3.0, 2, 1}, within(1e-12));
  }

  @Test
  void controlledForLengthNothingGoesWithIt() {
    double[] before = {0.9, 0.8, 0.7, 0.6, 0.3, 0.95};
    int[] left = {300, 200, 150, 180, 120, 100};
    for (int i = 0; i < before.length; i++) {
      vote("p" + i, "ann", null, 1, true, left[i], 100 + i, false);
    }
    BiasReport report =
        Biases.measure(votes(), posteriors(before), settings("none", false, "none"));
    Mitigations controlled = Mitigations.of(report, settings("none", true, "none"));
    double[] after = new double[before.length];
    double residual = 0;
    for (int i = 0; i < before.length; i++) {
      double logOdds = Math.log(before[i] / (1 - before[i])) - controlled.offset(left[i], 100 + i);
      after[i] = 1 / (1 + Math.exp(-logOdds));
      residual += Math.tanh((left[i] - 100.0 - i) / report.lengthScale()) * (after[i] - 0.5);
    }

    assertThat(report.lengthEffect()).isPositive();
    assertThat(residual).isCloseTo(0, within(1e-5));
    MitigationEffect effect = MitigationEffect.of(votes(), posteriors(before), posteriors(after));
    assertThat(effect.pairs()).isEqualTo(6);
    assertThat(effect.longerBefore()).isGreaterThan(effect.longerAfter());
    assertThat(effect.firstBefore()).isCloseTo(4.25 / 6, within(1e-9));
    assertThat(effect.changedSide()).isPositive();
  }

  @Test
  void longerWinsAmongThePandaLmMajorities() throws Exception {
    JsonNode all =
        new ObjectMapper().readTree(SharedData.path("data/pandalm/testset-v1.json").toFile());
    for (JsonNode row : all) {
      int[] counts = new int[3];
      for (int annotator = 1; annotator <= 3; annotator++) {
        counts[row.get("annotator" + annotator).asInt()]++;
      }
      double preference = counts[1] >= 2 ? 1 : counts[2] >= 2 ? -1 : 0;
      int left = row.get("response1").asText().length();
      int right = row.get("response2").asText().length();
      vote("p" + row.get("idx"), null, null, preference, null, left, right, false);
    }
    BiasReport report = Biases.measure(votes(), posteriors(0.5), settings("none", false, "none"));

    assertThat(rows.stream().filter(row -> row.getDouble(9) != 0)).hasSize(894);
    BiasEstimate length = report.overall("length", "share").orElseThrow();
    assertThat(length.estimate()).isCloseTo(0.674, within(0.002));
    assertThat(report.overall("length", "log-odds")).as("one vote a pair tells nothing").isEmpty();
  }
}
