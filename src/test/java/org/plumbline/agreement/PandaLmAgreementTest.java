package org.plumbline.agreement;

import static org.assertj.core.api.Assertions.assertThat;
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

/** Three people on 999 pairs, whose agreement is published. */
class PandaLmAgreementTest {
  private static final int LABELS = 3;

  @Test
  void agreementIsAsPublished() throws IOException {
    Workers workers = Workers.of(List.of("annotator1", "annotator2", "annotator3"));
    List<LabelledItem> items = new ArrayList<>();
    for (JsonNode pair :
        new ObjectMapper().readTree(SharedData.path("data/pandalm/testset-v1.json").toFile())) {
      List<Answer> answers = new ArrayList<>();
      for (String name : List.of("annotator1", "annotator2", "annotator3")) {
        answers.add(Answer.of(name, pair.get(name).asInt()));
      }
      items.add(LabelledItem.of(pair.get("idx").asText(), answers, workers));
    }
    JavaRDD<LabelledItem> all =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
            .parallelize(items, 2);

    AgreementStatistics statistics = AgreementStatistics.of(all, LABELS, null);
    assertThat(statistics.items()).isEqualTo(999);
    assertThat(statistics.answers()).isEqualTo(2997);
    assertThat(statistics.raw()).isCloseTo(0.9199, within(5e-5));
    assertThat(statistics.fleiss()).isCloseTo(0.8642, within(5e-5));
    var kappas = CohenKappa.pairwise(all, LABELS, new int[] {1, 2, 3});
    assertThat(kappas.get(new CohenKappa.Between(1, 2))).isCloseTo(0.8520, within(5e-5));
    assertThat(kappas.get(new CohenKappa.Between(1, 3))).isCloseTo(0.8789, within(5e-5));
    assertThat(kappas.get(new CohenKappa.Between(2, 3))).isCloseTo(0.8617, within(5e-5));

    int[] won = new int[LABELS];
    Majority majority = Majority.fit(all, LABELS, workers.size(), 1.0 / LABELS);
    for (var item : majority.posteriors(all).collect()) {
      for (int label = 0; label < LABELS; label++) {
        won[label] += item._2()[label] > 0.5 ? 1 : 0;
      }
    }
    assertThat(won).as("ties, first, second").containsExactly(105, 422, 472);
  }
}
