package org.plumbline.curate;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.SettingsReader;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.quickstart.QuickstartStage;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.LocalSpark;

/** What is planted in the small world is found, and believed for what it is worth. */
@Tag("slow")
class TestPlantedFaults {
  @TempDir static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void curateAFaultyWorld() {
    spark = LocalSpark.session();
    StageContext usual = context();
    new QuickstartStage(usual).execute();
    new FeedbackStage(usual).execute();
    new CurateStage(usual).execute();
  }

  private static StageContext context() {
    return new StageContext(
        spark,
        new RunFolder(at(""), spark.sessionState().newHadoopConf()),
        SettingsReader.read(
            List.of(),
            List.of(
                "feedback.input=" + at("input/feedback.jsonl"),
                "quickstart.demonstrations=100",
                "quickstart.annotators=40",
                "quickstart.faults.unreliable=0.4",
                "quickstart.faults.spammers=6",
                "quickstart.faults.gold=0.1")),
        Progress.silent());
  }

  private static String at(String relative) {
    return folder.resolve(relative).toUri().toString();
  }

  private static Dataset<Row> truth(String name) {
    return spark.read().json(at("input/" + name + ".jsonl"));
  }

  @Test
  void reliabilitiesAreTheTrueOnes() {
    List<Row> both =
        spark
            .read()
            .parquet(at("annotators"))
            .join(truth("annotators-truth"), "annotator")
            .select("reliability", "accuracy")
            .collectAsList();
    double correlation =
        new PearsonsCorrelation()
            .correlation(
                both.stream().mapToDouble(row -> row.getDouble(0)).toArray(),
                both.stream().mapToDouble(row -> row.getDouble(1)).toArray());
    System.out.printf("fitted and true reliability of %d: r = %.3f%n", both.size(), correlation);
    assertThat(both).hasSize(46);
    assertThat(correlation).isGreaterThan(0.8);
  }

  /**
   * Brier scores: mean (P - [chosen is truly better])^2. The majority's P is (votes for chosen + 1)
   * / (votes + 2), the rule of succession, which flatters it: bare shares of one vote are 0 or 1.
   */
  @Test
  void probabilitiesAreBetterThanTheMajoritys() {
    Row brier =
        trueOrders()
            .join(majority(), "pair_id")
            .withColumn("counted", expr("if(chosen_id = left_id, left, 1 - left)"))
            .agg(
                expr("avg(pow(probability - right, 2))"),
                expr("avg(pow(counted - right, 2))"),
                expr("count(*)"))
            .head();
    System.out.printf(
        "Brier score of %d pairs: %.4f, of the majority %.4f%n",
        brier.getLong(2), brier.getDouble(0), brier.getDouble(1));
    assertThat(brier.getLong(2)).isGreaterThan(1000);
    assertThat(brier.getDouble(0)).isLessThan(brier.getDouble(1));
  }

  /** Pairs whose sides are of different quality, with 1 where the chosen one is truly better. */
  private static Dataset<Row> trueOrders() {
    Dataset<Row> quality = truth("truth").select("prompt", "response", "quality").distinct();
    return spark
        .read()
        .parquet(at("pairs"))
        .withColumn("text", expr("prompt[0].content"))
        .join(quality.toDF("text", "chosen", "q1"), new String[] {"text", "chosen"})
        .join(quality.toDF("text", "rejected", "q2"), new String[] {"text", "rejected"})
        .where("q1 <> q2")
        .selectExpr("pair_id", "probability", "chosen_id", "cast(q1 > q2 as double) as right");
  }

  /** What those who were asked say on the whole, where nobody told the right answer. */
  private static Dataset<Row> majority() {
    return spark
        .read()
        .parquet(at("votes"))
        .groupBy("pair_id", "left_id")
        .agg(
            expr("max(gold)").as("told"),
            expr("(sum((signum(preference) + 1) / 2) + 1) / (count(*) + 2)").as("left"))
        .where("not told");
  }

  @Test
  void spammersAreFlagged() {
    Set<String> spammers = names(truth("faults-truth").where("fault = 'spammer'"));
    Set<String> worthless = names(truth("annotators-truth").where("accuracy < 0.7"));
    Set<String> flagged = names(spark.read().parquet(at("annotators")).where("size(flags) > 0"));
    double recall = share(spammers, flagged);
    double precision = share(flagged, worthless);
    System.out.printf(
        "flagged %s%nspammers found %.2f, right about %.2f of those flagged%n",
        flagged, recall, precision);
    assertThat(recall).isEqualTo(1);
    assertThat(precision).isGreaterThan(0.8);
  }

  private static Set<String> names(Dataset<Row> rows) {
    return Set.copyOf(rows.select("annotator").as(Encoders.STRING()).collectAsList());
  }

  private static double share(Set<String> of, Set<String> in) {
    return of.stream().collect(Collectors.averagingDouble(name -> in.contains(name) ? 1 : 0));
  }
}
