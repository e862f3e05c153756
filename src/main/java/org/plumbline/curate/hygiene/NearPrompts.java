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
 */
record NearPrompts(NearTexts near, String sameSide, String leaks) implements Check {
  @Override
  public Dataset<Row> find(Corpus corpus) {
    Column side = when(col("held_out"), NearTexts.HELD_OUT).otherwise(NearTexts.TRAIN);
    Dataset<Row> links =
        near.links(
            corpus
                .prompts()
                .select(
                    lit("").as("scope"), col("prompt_id").as("id"), side.as("side"), col("text")));
    Dataset<Row> same = best(links.where("side = other_side"), "another prompt");
    Dataset<Row> leaking = best(links.where("side != other_side"), "a held-out prompt");
    return Check.findings(sameSide.equals(OFF) ? same.limit(0) : same, "near-prompts", sameSide)
        .union(Check.findings(leaks.equals(OFF) ? leaking.limit(0) : leaking, "near-leaks", leaks));
  }

  /** The most similar other text of each, the one with the greatest id among equals. */
  static Dataset<Row> best(Dataset<Row> links, String what) {
    return links
        .groupBy(col("id").as("prompt_id"))
        .agg(max(struct("similarity", "other_id")).as("best"))
        .select(
            col("prompt_id"),
            col("best.other_id"),
            concat(lit("similarity "), format_number(col("best.similarity"), 2), lit(" to " + what))
                .as("detail"));
  }
}
