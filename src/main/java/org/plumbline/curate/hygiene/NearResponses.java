package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.format_number;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Responses to one prompt that are nearly the same.
 *
 * @param links as {@link NearTexts#links} finds them
 */
record NearResponses(Dataset<Row> links, String action) implements Check {
  /** The responses, as texts to be compared with others to the same prompt. */
  static Dataset<Row> texts(Corpus corpus) {
    return corpus
        .written()
        .select(
            col("prompt_id").as("scope"),
            col("response_id").as("id"),
            lit(NearTexts.TRAIN).as("side"),
            col("text"));
  }

  @Override
  public Dataset<Row> find(Corpus corpus) {
    Column pair =
        concat(
            col("scope"), least(col("id"), col("other_id")), greatest(col("id"), col("other_id")));
    Dataset<Row> found =
        links
            .where("scope != ''")
            .select(
                col("scope").as("prompt_id"),
                col("id").as("response_id"),
                col("other_id"),
                Texts.id(pair).as("pair_id"),
                concat(lit("similarity "), format_number(col("similarity"), 2)).as("detail"));
    return Check.findings(found, "near-responses", action);
  }
}
