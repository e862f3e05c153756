package org.plumbline.prefer;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Single responses, each desirable or not: those that people judged by themselves, and those of
 * pairs, of which the chosen one is desirable and the other is not.
 */
final class SingleResponses {
  /** What tells the rows apart. */
  static final String KEY = "response_row";

  private SingleResponses() {}

  /** Two rows for each of {@code pairs}, rows of the pair tokens table. */
  static Dataset<Row> ofPairs(Dataset<Row> pairs) {
    Column p = col("probability");
    return pairs
        .select(
            explode(
                    array(
                        response("chosen", true, p),
                        response("rejected", false, lit(1.0).minus(p))))
                .as("row"))
        .select("row.*");
  }

  private static Column response(String side, boolean desirable, Column probability) {
    return struct(
        concat(col("pair_id"), lit(desirable ? "+" : "-")).as(KEY),
        col("prompt_id"),
        col("prompt_ids"),
        col(side + "_ids").as("response_ids"),
        lit(desirable).as("desirable"),
        probability.as("probability"),
        col("weight"),
        col("split"));
  }

  /** A row for each of {@code unpaired}, rows of the unpaired tokens table. */
  static Dataset<Row> judged(Dataset<Row> unpaired) {
    Column right = col("probability");
    return unpaired.select(
        col("unpaired_id").as(KEY),
        col("prompt_id"),
        col("prompt_ids"),
        col("response_ids"),
        col("acceptable").as("desirable"),
        when(col("acceptable"), right).otherwise(lit(1.0).minus(right)).as("probability"),
        col("weight"),
        col("split"));
  }

  /**
   * The responses judged by themselves, and of those of pairs the ones that were not: what somebody
   * said of a response alone says more than that another was better or worse.
   */
  static Dataset<Row> all(Dataset<Row> unpaired, Dataset<Row> pairs) {
    Dataset<Row> judged = judged(unpaired);
    return judged.unionByName(
        ofPairs(pairs)
            .join(
                judged.select("prompt_ids", "response_ids"),
                new String[] {"prompt_ids", "response_ids"},
                "left_anti"));
  }
}
