package org.plumbline.curate.hygiene;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.plumbline.config.HygieneSettings;

/**
 * Looks for what should not be learned from. Judgments are looked at before votes are made of them,
 * votes before annotators are fitted to them, pairs when they are about to be written.
 */
public final class Hygiene {
  private final SparkSession spark;
  private final HygieneSettings settings;

  /** Looks for what {@code settings} ask for. */
  public Hygiene(SparkSession spark, HygieneSettings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /**
   * Duplicates, near duplicates, empty responses, outliers, personal data, leaks, contamination.
   * What is kept has lost judgments, and responses of judgments; prompts may have changed sides,
   * and texts be redacted.
   *
   * @param judgments rows of the feedback table
   */
  public Findings judgments(Dataset<Row> judgments) {
    throw new UnsupportedOperationException("Not written yet: " + spark + settings + judgments);
  }

  /**
   * Cycles and annotators who contradict themselves. What is kept has also lost the votes on pairs
   * that {@code earlier} findings drop.
   *
   * @param votes rows of the votes table
   * @param earlier what was found in judgments
   */
  public Findings votes(Dataset<Row> votes, Findings earlier) {
    throw new UnsupportedOperationException("Not written yet: " + votes + earlier);
  }

  /**
   * Pairs that teach nothing: an empty response, equal responses, equal beginnings.
   *
   * @param pairs rows with {@code prompt_id}, {@code pair_id}, {@code chosen}, {@code rejected}
   */
  public Findings pairs(Dataset<Row> pairs) {
    throw new UnsupportedOperationException("Not written yet: " + pairs);
  }
}
