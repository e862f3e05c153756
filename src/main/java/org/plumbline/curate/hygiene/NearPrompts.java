package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.format_number;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Prompts that nearly repeat another of their own side, and prompts to learn from that nearly
 * repeat one that is held out.
 *
 * @param links as {@link NearTexts#links} finds them
 */
record NearPrompts(Dataset<Row> links, String sameSide, String leaks) implements Check {
  /** The prompts, as texts to be compared with each other. */
  static Dataset<Row> texts(Corpus corpus) {
    Column side = when(col("held_out"), NearTexts.HELD_OUT).otherwise(NearTexts.TRAIN);
    return corpus.known().select(col("prompt_id").as("id"), side.as("side"), col("text"));
  }

  @Override
  public Dataset<Row> find(Corpus corpus) {
    Column same = col("side").equalTo(col("other_side"));
    Dataset<Row> found =
        links
            .join(corpus.prompts(), col("id").equalTo(col("prompt_id")), "left_semi")
            .groupBy(col("id").as("prompt_id"), same.as("same"))
            .agg(max(struct("similarity", "other_id")).as("best"))
            .withColumn("other_id", col("best.other_id"))
            .withColumn(
                "detail",
                detail(when(col("same"), "another prompt").otherwise("a held-out prompt")));
    Column kind = when(col("same"), "near-prompts").otherwise("near-leaks");
    Column action = when(col("same"), sameSide).otherwise(leaks);
    return Check.findings(found, kind, action).where(col("action").notEqual(OFF));
  }

  /** The most similar other text of each, the one with the greatest id among equals. */
  static Dataset<Row> best(Dataset<Row> links, String what) {
    return links
        .groupBy(col("id").as("prompt_id"))
        .agg(max(struct("similarity", "other_id")).as("best"))
        .select(col("prompt_id"), col("best.other_id"), detail(lit(what)).as("detail"));
  }

  private static Column detail(Column what) {
    return concat(lit("similarity "), format_number(col("best.similarity"), 2), lit(" to "), what);
  }
}
