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

/** Responses to one prompt that are nearly the same. */
record NearResponses(NearTexts near, String action) implements Check {
  @Override
  public Dataset<Row> find(Corpus corpus) {
    Dataset<Row> links =
        near.links(
            corpus
                .written()
                .select(
                    col("prompt_id").as("scope"),
                    col("response_id").as("id"),
                    lit(NearTexts.TRAIN).as("side"),
                    col("text")));
    Column pair =
        concat(
            col("scope"), least(col("id"), col("other_id")), greatest(col("id"), col("other_id")));
    Dataset<Row> found =
        links.select(
            col("scope").as("prompt_id"),
            col("id").as("response_id"),
            col("other_id"),
            Texts.id(pair).as("pair_id"),
            concat(lit("similarity "), format_number(col("similarity"), 2)).as("detail"));
    return Check.findings(found, "near-responses", action);
  }
}
