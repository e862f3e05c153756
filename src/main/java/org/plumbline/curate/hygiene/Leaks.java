package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Prompts of which some judgments are held out and some are not. Left alone, all would be held out,
 * since a pair has one side only.
 */
record Leaks(String action) implements Check {
  @Override
  public Dataset<Row> find(Corpus corpus) {
    Dataset<Row> found =
        corpus.prompts().where("mixed").withColumn("detail", lit("judged on both sides"));
    return Check.findings(found, "leaks", action);
  }
}
