package org.plumbline.evaluate;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.plumbline.judge.Judge;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PairsTable;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.ScoresTable;
import scala.collection.JavaConverters;

/**
 * How often a reward model is right about held-out pairs.
 *
 * @param accuracyHeldOut share of pairs whose chosen response scores higher, strictly
 * @param interval of that share, 95 %, low and high
 * @param pairs that were scored
 * @param accuracyTrue share of pairs that it orders by true quality; absent without a judge
 * @param pairsTrue pairs whose responses differ in true quality
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RewardAccuracy(
    double accuracyHeldOut,
    List<Double> interval,
    long pairs,
    Double accuracyTrue,
    Long pairsTrue) {

  /** Measures the scores of a run; empty where there are none. */
  static Optional<RewardAccuracy> of(StageContext context, Optional<Judge> judge) {
    if (!context.run().has("reward/scores")) {
      return Optional.empty();
    }
    Dataset<Row> scores =
        ScoresTable.TABLE.read(context.spark(), context.run().at("reward/scores"));
    Column right = col("chosen_score").gt(col("rejected_score")).cast("double");
    Row held = scores.agg(avg(right), count("*")).head();
    if (held.getLong(1) == 0) {
      return Optional.empty();
    }
    Interval interval = Interval.ofShare(held.getDouble(0), held.getLong(1));
    Optional<Row> truth = judge.map(j -> againstTruth(context, scores, j));
    return Optional.of(
        new RewardAccuracy(
            held.getDouble(0),
            List.of(interval.low(), interval.high()),
            held.getLong(1),
            truth.filter(row -> row.getLong(1) > 0).map(row -> row.getDouble(0)).orElse(null),
            truth.map(row -> row.getLong(1)).orElse(null)));
  }

  private static Row againstTruth(StageContext context, Dataset<Row> scores, Judge judge) {
    UDF2<scala.collection.Map<String, String>, String, Double> quality =
        (attributes, text) -> judge.judge(JavaConverters.mapAsJavaMap(attributes), text).quality();
    var graded = udf(quality, DataTypes.DoubleType);
    Dataset<Row> prompts =
        PromptsTable.TABLE
            .read(context.spark(), context.run().at("prompts"))
            .select("prompt_id", "attributes");
    Column gap =
        graded
            .apply(col("attributes"), col("chosen"))
            .minus(graded.apply(col("attributes"), col("rejected")));
    return PairsTable.TABLE
        .read(context.spark(), context.run().at("pairs"))
        .join(prompts, "prompt_id")
        .join(scores, "pair_id")
        .withColumn("gap", gap)
        .where(col("gap").notEqual(0))
        .agg(
            avg(
                when(col("gap").gt(0), col("chosen_score").gt(col("rejected_score")).cast("double"))
                    .otherwise(col("rejected_score").gt(col("chosen_score")).cast("double"))),
            count("*"))
        .head();
  }
}
