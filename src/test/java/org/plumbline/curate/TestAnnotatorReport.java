package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.stage.StageContext;
import org.plumbline.table.AnnotatorsTable;
import org.plumbline.table.PairsTable;
import org.plumbline.table.VotesTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.Stages;

/** Three who look, one who clicks the first without looking, and one who tires. */
class TestAnnotatorReport {
  private static final int PROMPTS = 60;

  @TempDir Path folder;

  private static String choice(int i, String annotator, int choice, int seconds, boolean gold) {
    String who =
        gold ? "'gold':true" : "'annotator':'%s','seconds':%d".formatted(annotator, seconds);
    String time = "2024-05-01T%02d:%02d:00Z".formatted(i / 60, i % 60);
    return "{'prompt':'prompt %d','kind':'choice','choice':%d,'shown':[%s],'time':'%s',%s,"
            .formatted(i, choice, i % 2 == 0 ? "0,1" : "1,0", time, who)
        + "'responses':[{'text':'alpha %d'},{'text':'beta %d'}]}".formatted(i, i);
  }

  private CurateStage.Result curated(StageContext context) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < PROMPTS; i++) {
      int better = i % 3 == 0 ? 0 : 1;
      for (String name : List.of("ann", "bob", "cyd")) {
        lines.add(choice(i, name, better, 10, false));
      }
      lines.add(choice(i, "clicker", i % 2, 1, false));
      lines.add(choice(i, "tired", i < PROMPTS / 2 ? better : 1 - better, 10, false));
      if (i % 2 == 0) {
        lines.add(choice(i, "", better, 0, true));
      }
    }
    Files.write(
        folder.resolve("feedback.jsonl"),
        lines.stream().map(line -> line.replace('\'', '"')).toList());
    new FeedbackStage(context).execute();
    return new CurateStage(context).execute();
  }

  private StageContext context(String... sets) {
    List<String> all = new ArrayList<>(List.of("spam.max-streak=30"));
    all.addAll(List.of(sets));
    return Stages.reading(folder.resolve("run"), folder.resolve("feedback.jsonl"))
        .with(Stages.unchecked(all.toArray(String[]::new)))
        .context();
  }

  private static Map<String, Row> annotators(StageContext context) {
    Map<String, Row> rows = new TreeMap<>();
    for (Row row :
        AnnotatorsTable.TABLE
            .read(LocalSpark.session(), context.run().at("annotators"))
            .collectAsList()) {
      rows.put(row.getAs("annotator"), row);
    }
    return rows;
  }

  @Test
  void saysWhoDidNotLook() throws Exception {
    StageContext context = context();
    CurateStage.Result result = curated(context);
    Map<String, Row> annotators = annotators(context);

    Row ann = annotators.get("ann");
    assertThat(ann.<String>getList(ann.fieldIndex("flags"))).isEmpty();
    assertThat(ann.<Long>getAs("gold_judgments")).isEqualTo(PROMPTS / 2);
    assertThat(ann.<Double>getAs("gold_accuracy")).isEqualTo(1);
    assertThat(ann.<Double>getAs("mean_seconds")).isEqualTo(10);
    assertThat(ann.<Double>getAs("drift")).isEqualTo(0);
    Row clicker = annotators.get("clicker");
    assertThat(clicker.<Double>getAs("fast_share")).isEqualTo(1);
    assertThat(clicker.<Double>getAs("first_preferred")).isEqualTo(1);
    assertThat(clicker.<Long>getAs("longest_streak")).isEqualTo(PROMPTS);
    assertThat(clicker.<String>getList(clicker.fieldIndex("flags")))
        .contains("too fast", "long streak", "same position");
    Row tired = annotators.get("tired");
    assertThat(tired.<Double>getAs("drift")).isEqualTo(-1);
    assertThat(result.flagged()).isGreaterThanOrEqualTo(1);
    assertThat(result.excluded()).isZero();
    assertThat(ann.<Double>getAs("reliability")).isGreaterThan(0.95);
    assertThat(clicker.<Double>getAs("reliability")).isBetween(0.3, 0.65);
  }

  @Test
  void goldIsTheTruthAndNobodysVote() throws Exception {
    StageContext context = context();
    curated(context);
    var votes = VotesTable.TABLE.read(LocalSpark.session(), context.run().at("votes"));
    assertThat(votes.where("gold").count()).isEqualTo(PROMPTS / 2);
    assertThat(votes.where("gold and annotator is not null").count()).isZero();
    List<Row> gold =
        PairsTable.TABLE
            .read(LocalSpark.session(), context.run().at("pairs"))
            .where("method = 'gold'")
            .collectAsList();
    assertThat(gold)
        .hasSize(PROMPTS / 2)
        .allSatisfy(
            pair -> assertThat(pair.<Double>getAs("probability")).isCloseTo(0.999, within(1e-12)));
  }

  @Test
  void leavesOutTheFlaggedWhereAsked() throws Exception {
    StageContext context = context("exclude-flagged=true", "spam.min-gold-accuracy=0");
    CurateStage.Result result = curated(context);

    assertThat(result.excluded()).isEqualTo(result.flagged() * PROMPTS).isPositive();
    assertThat(result.annotators()).isEqualTo(5);
    assertThat(
            VotesTable.TABLE
                .read(LocalSpark.session(), context.run().at("votes"))
                .where("annotator = 'clicker'")
                .count())
        .isZero();
    assertThat(annotators(context).get("clicker").<Long>getAs("judgments")).isEqualTo(PROMPTS);
  }
}
