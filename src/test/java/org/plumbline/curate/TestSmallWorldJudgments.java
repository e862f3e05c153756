package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.quickstart.QuickstartStage;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.Stages;

/** What curation makes of the small world, where everybody's true worth is known. */
class TestSmallWorldJudgments {
  @TempDir Path folder;

  @Test
  void findsWhoIsReliableWhoIsBiasedAndWhatIsBetter() {
    Path input = folder.resolve("input");
    StageContext context =
        Stages.reading(folder, input.resolve("feedback.jsonl")).with(Stages.unchecked()).context();
    writeWorld(context);
    FeedbackStage.Result read = new FeedbackStage(context).execute();
    CurateStage.Result result = new CurateStage(context).execute();

    assertThat(read.rowsIn()).isEqualTo(read.feedback() + read.rejects());
    assertThat(read.rejects()).as("rows that are malformed on purpose").isPositive();
    assertThat(result.judgmentsByKind()).isEqualTo(read.kinds()).hasSize(5);
    assertThat(result.disagreement()).isGreaterThanOrEqualTo(0.2);

    SparkSession spark = LocalSpark.session();
    List<Row> annotators =
        spark
            .read()
            .parquet(context.run().at("annotators"))
            .join(json(spark, input, "annotators-truth"), "annotator")
            .selectExpr(
                "reliability",
                "accuracy",
                "longer_preferred",
                "first_preferred",
                "character.length > 0.5",
                "character.first > 0.3")
            .collectAsList();
    assertThat(annotators).hasSize(12);
    assertThat(new PearsonsCorrelation().correlation(column(annotators, 0), column(annotators, 1)))
        .isGreaterThan(0.9);
    assertThat(mostBiased(annotators, 2).getBoolean(4)).as("likes long replies").isTrue();
    assertThat(mostBiased(annotators, 3).getBoolean(5)).as("likes the first").isTrue();

    double right = shareRight(spark, context, json(spark, input, "truth"));
    assertThat(right).isGreaterThan(0.85);
    assertThat(result.meanProbability())
        .as("pairs are as sure as right")
        .isCloseTo(right, within(0.06));
  }

  static void writeWorld(StageContext context) {
    Settings settings = SettingsReader.read(List.of(), List.of("quickstart.demonstrations=100"));
    new QuickstartStage(
            new StageContext(context.spark(), context.run(), settings, context.progress()))
        .execute();
  }

  static Dataset<Row> json(SparkSession spark, Path input, String name) {
    return spark.read().json(input.resolve(name + ".jsonl").toUri().toString());
  }

  private static double[] column(List<Row> rows, int column) {
    return rows.stream().mapToDouble(row -> row.getDouble(column)).toArray();
  }

  private static Row mostBiased(List<Row> annotators, int column) {
    Map<Double, Row> byShare =
        annotators.stream()
            .collect(Collectors.toMap(row -> row.getDouble(column), row -> row, (a, b) -> a));
    return byShare.get(byShare.keySet().stream().max(Double::compare).orElseThrow());
  }

  /** Of the pairs whose sides are truly of different quality, the share that chose the better. */
  private static double shareRight(SparkSession spark, StageContext context, Dataset<Row> truth) {
    Dataset<Row> quality = truth.select("prompt", "response", "quality").distinct();
    Row share =
        spark
            .read()
            .parquet(context.run().at("pairs"))
            .selectExpr("prompt[0].content as prompt", "chosen", "rejected")
            .join(quality.toDF("prompt", "chosen", "q1"), new String[] {"prompt", "chosen"})
            .join(quality.toDF("prompt", "rejected", "q2"), new String[] {"prompt", "rejected"})
            .where("q1 <> q2")
            .selectExpr("avg(cast(q1 > q2 as double))", "count(*)")
            .head();
    return share.getDouble(0);
  }
}
