package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Judgments that say again what the same annotator said of the same responses to the same prompt,
 * shown in the same order, in the same file or another. The one with the smallest id stays.
 */
record DuplicateJudgments(String named, String anonymous) implements Check {
  /** Each response with its rank and place on the screen, in whatever order they are listed. */
  private static final String ANSWERS =
      "transform(responses, (r, i) -> struct(r.text, ranking[i] as rank,"
          + " array_position(shown, i) as place))";

  @Override
  public Dataset<Row> find(Corpus corpus) {
    Dataset<Row> judgments = lean(corpus.judgments());
    Dataset<Row> repeated =
        judgments
            .groupBy("key")
            .agg(
                count(lit(1)).as("times"),
                min("judgment_id").as("other_id"),
                min_by(col("file"), col("judgment_id")).as("other_file"))
            .where("times > 1");
    Column where =
        when(col("file").equalTo(col("other_file")), "same file").otherwise("other file");
    Dataset<Row> found =
        judgments
            .join(repeated, "key")
            .where("judgment_id != other_id")
            .withColumn(
                "detail", concat(lit("given "), col("times"), lit(" times, first in the "), where));
    Column kind = when(col("annotator").isNull(), "anonymous-duplicates").otherwise("duplicates");
    Column action = when(col("annotator").isNull(), anonymous).otherwise(named);
    return Check.findings(found, kind, action).where(col("action").notEqual(OFF));
  }

  private static Dataset<Row> lean(Dataset<Row> judgments) {
    Column verdict =
        struct(
            col("prompt_id"),
            col("annotator"),
            array_sort(expr(ANSWERS)).as("answers"),
            col("kind"),
            col("strength"),
            col("acceptable"),
            col("rating"),
            col("rating_min"),
            col("rating_max"),
            col("critique"),
            col("revision"),
            col("split"));
    return judgments.select(
        col("judgment_id"),
        col("prompt_id"),
        col("annotator"),
        col("file"),
        sha2(to_json(verdict).cast("binary"), 256).as("key"));
  }
}
