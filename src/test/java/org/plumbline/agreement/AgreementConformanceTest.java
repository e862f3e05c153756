package org.plumbline.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.SharedData;

/** Golden values of statistics, within 1e-5. */
class AgreementConformanceTest {
  private static JsonNode golden(String name) throws IOException {
    for (JsonNode one :
        new ObjectMapper()
            .readTree(SharedData.path("conformance/objectives.json").toFile())
            .get("cases")) {
      if (one.get("case").asText().equals(name)) {
        return one;
      }
    }
    throw new AssertionError("no case " + name);
  }

  private static double[] row(JsonNode node) {
    double[] row = new double[node.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = node.get(i).asDouble();
    }
    return row;
  }

  private static double[][] table(JsonNode node) {
    double[][] table = new double[node.size()][];
    for (int i = 0; i < table.length; i++) {
      table[i] = row(node.get(i));
    }
    return table;
  }

  private static void assertClose(double actual, JsonNode expected) {
    assertThat(actual).isCloseTo(expected.asDouble(), within(1e-5));
  }

  @Test
  void cohen() throws IOException {
    JsonNode golden = golden("agreement/cohen-kappa");
    double[][] counts = new double[3][3];
    double[] first = row(golden.at("/inputs/first"));
    double[] second = row(golden.at("/inputs/second"));
    List<LabelledItem> items = new ArrayList<>();
    Workers workers = Workers.of(List.of("a", "b"));
    for (int i = 0; i < first.length; i++) {
      counts[(int) first[i]][(int) second[i]]++;
      items.add(
          LabelledItem.of(
              "i" + i,
              List.of(Answer.of("a", (int) first[i]), Answer.of("b", (int) second[i])),
              workers));
    }
    assertClose(CohenKappa.of(counts), golden.at("/expected/kappa"));
    assertThat(CohenKappa.pairwise(rdd(items), 3, new int[] {1, 2}))
        .hasSize(1)
        .allSatisfy((pair, kappa) -> assertClose(kappa, golden.at("/expected/kappa")));
  }

  @Test
  void fleiss() throws IOException {
    JsonNode golden = golden("agreement/fleiss-kappa");
    assertClose(FleissKappa.of(table(golden.at("/inputs/counts"))), golden.at("/expected/kappa"));
  }

  @Test
  void krippendorffWithMissingAnswers() throws IOException {
    JsonNode golden = golden("agreement/krippendorff-alpha");
    List<LabelledItem> items = new ArrayList<>();
    Workers workers = Workers.of(List.of("0", "1", "2", "3"));
    for (JsonNode item : golden.at("/inputs/ratings")) {
      List<Answer> answers = new ArrayList<>();
      for (int rater = 0; rater < item.size(); rater++) {
        if (!item.get(rater).isNull()) {
          answers.add(Answer.of(String.valueOf(rater), item.get(rater).asInt() - 1));
        }
      }
      items.add(LabelledItem.of("i" + items.size(), answers, workers));
    }
    AgreementStatistics statistics =
        AgreementStatistics.of(rdd(items), 5, new double[] {1, 2, 3, 4, 5});
    assertClose(statistics.alpha().get(KrippendorffAlpha.NOMINAL), golden.at("/expected/nominal"));
    assertClose(
        statistics.alpha().get(KrippendorffAlpha.INTERVAL), golden.at("/expected/interval"));
  }

  /**
   * Krippendorff 2011, section C, twelve units and four observers: nominal 0.743, ordinal 0.815.
   */
  @Test
  void krippendorffsOwnExample() {
    int[][] observers = {
      {1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0},
      {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3},
      {0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0},
      {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0}
    };
    Workers workers = Workers.of(List.of("0", "1", "2", "3"));
    List<LabelledItem> items = new ArrayList<>();
    for (int unit = 0; unit < 12; unit++) {
      List<Answer> answers = new ArrayList<>();
      for (int observer = 0; observer < 4; observer++) {
        if (observers[observer][unit] > 0) {
          answers.add(Answer.of(String.valueOf(observer), observers[observer][unit] - 1));
        }
      }
      items.add(LabelledItem.of("u" + unit, answers, workers));
    }
    var alpha = AgreementStatistics.of(rdd(items), 5, new double[] {1, 2, 3, 4, 5}).alpha();
    assertThat(alpha.get(KrippendorffAlpha.NOMINAL)).isCloseTo(0.743, within(5e-4));
    assertThat(alpha.get(KrippendorffAlpha.ORDINAL)).isCloseTo(0.815, within(5e-4));
    assertThat(alpha.get(KrippendorffAlpha.INTERVAL)).isCloseTo(0.849, within(5e-4));
  }

  @Test
  void bradleyTerry() throws IOException {
    JsonNode golden = golden("bradley-terry/mle");
    double[] abilities = BradleyTerry.fit(table(golden.at("/inputs/wins")));
    assertThat(abilities).containsExactly(row(golden.at("/expected/ability")), within(1e-9));
    assertThatThrownBy(() -> BradleyTerry.fit(new double[][] {{0, 3}, {0, 0}}))
        .hasMessageStartingWith("Cannot fit abilities: player 1");
  }

  @Test
  void calibration() throws IOException {
    JsonNode golden = golden("calibration");
    CalibrationError error =
        CalibrationError.of(
            row(golden.at("/inputs/probability")),
            row(golden.at("/inputs/outcome")),
            golden.at("/params/bins").asInt());
    assertClose(error.expectedCalibrationError(), golden.at("/expected/ece"));
    assertClose(error.brier(), golden.at("/expected/brier"));
  }

  private static JavaRDD<LabelledItem> rdd(List<LabelledItem> items) {
    return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
        .parallelize(items, 3);
  }
}
