package org.plumbline.reward;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Puts all pairs of a prompt into one row. */
final class ByPrompt {
  /** The column of pairs, an array of rows. */
  static final String PAIRS = "pairs";

  private ByPrompt() {}

  /** One row a prompt: its id, its tokens, and its pairs in the order of their ids. */
  static Dataset<Row> of(Dataset<Row> pairs) {
    return pairs
        .groupBy("prompt_id")
        .agg(
            first(col("prompt_ids")).as("prompt_ids"),
            sort_array(collect_list(struct("pair_id", Compared.COLUMNS))).as(PAIRS));
  }
}
