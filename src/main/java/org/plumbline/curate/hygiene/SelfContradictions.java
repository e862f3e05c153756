package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Annotators who preferred one side of a pair, and another time the other. */
record SelfContradictions(String action) {
  private static final String[] WHO = {"pair_id", "annotator"};

  Dataset<Row> find(Dataset<Row> votes) {
    Dataset<Row> found =
        contradicting(votes)
            .withColumn("judgment_id", col("left_judgment"))
            .withColumn("other_id", col("right_judgment"))
            .withColumn("detail", concat(lit("both ways by "), col("annotator")));
    return Check.findings(found, "self-contradictions", action);
  }

  /** {@code kept} without what those annotators said in {@code votes} of those pairs. */
  Dataset<Row> keep(Dataset<Row> kept, Dataset<Row> votes) {
    Dataset<Row> gone = contradicting(votes).select("pair_id", "annotator");
    return kept.join(
        gone,
        kept.col("pair_id")
            .equalTo(gone.col("pair_id"))
            .and(kept.col("annotator").equalTo(gone.col("annotator"))),
        "left_anti");
  }

  private static Dataset<Row> contradicting(Dataset<Row> votes) {
    return votes
        .where("annotator is not null and not gold and preference != 0")
        .withColumn("judgment", array_sort(col("judgments")).getItem(0))
        .groupBy(WHO[0], WHO[1])
        .agg(
            min("prompt_id").as("prompt_id"),
            min(expr("if(preference > 0, judgment, null)")).as("left_judgment"),
            min(expr("if(preference < 0, judgment, null)")).as("right_judgment"))
        .where("left_judgment is not null and right_judgment is not null");
  }
}
