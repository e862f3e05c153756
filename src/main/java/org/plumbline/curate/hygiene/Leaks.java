package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Prompts that are held out, but have judgments to learn from. Left alone, all judgments would be
 * held out where some are, since a pair has one side only.
 */
record Leaks(String action) implements Check {
  @Override
  public Dataset<Row> find(Corpus corpus) {
    Dataset<Row> found =
        corpus
            .prompts()
            .where("mixed")
            .withColumn("detail", lit("held out, with judgments to learn from"));
    return Check.findings(found, "leaks", action);
  }
}
