package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.stage.StageContext;
import org.plumbline.table.AnnotatorsTable;
import org.plumbline.table.PairsTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.SharedData;
import org.plumbline.testing.Stages;

/** What people said, from the files as they were published to pairs, with the defaults. */
@Tag("slow")
class TestRealFeedback {
  @TempDir Path folder;

  private StageContext context;

  private CurateStage.Result curated(String file) {
    context = Stages.reading(folder.resolve("run"), SharedData.path("data/" + file)).context();
    new FeedbackStage(context).execute();
    CurateStage.Result result = new CurateStage(context).execute();
    System.out.println(file + ": " + result);
    return result;
  }

  private Dataset<Row> pairs() {
    return PairsTable.TABLE.read(LocalSpark.session(), context.run().at("pairs"));
  }

  private static long drops(CurateStage.Result result) {
    return result.dropsByReason().values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void ratingsRanksAndCritiquesOfSqualityAllBecomePairs() {
    CurateStage.Result result = curated("squality/all-responses.jsonl");

    assertThat(result.judgmentsByKind()).containsOnlyKeys("rating", "ranking", "critique");
    assertThat(result.unusedByKind()).isEmpty();
    // Three responses to each of 100 questions; seventeen critiques say the same of the same.
    assertThat(result.pairs()).isEqualTo(300);
    assertThat(result.dropsByReason()).isEqualTo(Map.of("hygiene: duplicates", 17L));
    for (String kind : List.of("rating", "ranking", "critique")) {
      assertThat(pairs().where("array_contains(kinds, '%s')".formatted(kind)).count())
          .as(kind)
          .isGreaterThan(200);
    }
    assertThat(
            pairs()
                .selectExpr("explode(annotators)")
                .distinct()
                .as(Encoders.STRING())
                .collectAsList())
        .hasSize(4);
  }

  /** Five rows are there twice. */
  @Test
  void shareGptPairs() {
    CurateStage.Result result = curated("llamafactory/dpo_en_demo.json");

    assertThat(result.pairs()).isEqualTo(295);
    assertThat(result.doublyJudged()).isEqualTo(5);
    assertThat(result.dropsByReason()).isEmpty();
    assertThat(pairs().selectExpr("sum(judgments)").head().getLong(0)).isEqualTo(300);
  }

  @Test
  void shareGptUnpairedRows() {
    CurateStage.Result result = curated("llamafactory/kto_en_demo.json");

    assertThat(result.acceptable()).isEqualTo(150);
    assertThat(result.unacceptable()).isEqualTo(150);
  }

  @Test
  void harmlessBase() {
    CurateStage.Result result = curated("hh-rlhf/harmless-base-test.jsonl.gz");

    assertThat(result.pairs() + drops(result)).isEqualTo(2312);
    assertThat(result.dropsByReason().values()).containsExactly(4L);
  }

  /** Six rows have no text; of the others, 54 an empty response. */
  @Test
  void pandaLmsAnnotatorsCanBeBelieved() {
    CurateStage.Result result = curated("pandalm/testset-v1.json");

    assertThat(result.judgmentsByKind()).isEqualTo(Map.of("choice", 993L * 3));
    assertThat(result.disagreement()).isBetween(0.1, 0.15);
    List<Row> annotators =
        AnnotatorsTable.TABLE
            .read(LocalSpark.session(), context.run().at("annotators"))
            .collectAsList();
    assertThat(annotators).hasSize(3);
    for (Row annotator : annotators) {
      assertThat(annotator.<Double>getAs("reliability")).isGreaterThan(0.95);
      assertThat(annotator.<Double>getAs("agreement")).isGreaterThan(0.95);
    }
  }
}
