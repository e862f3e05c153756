package org.plumbline.curate.bias;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.BiasSettings;

/** Measures what votes were for apart from quality. */
public final class Biases {
  private Biases() {}

  /**
   * Measures the biases of {@code votes}.
   *
   * @param votes rows of the votes table
   * @param posteriors {@code pair_id}, and {@code left_better}: P(left is better), in [0, 1]
   */
  public static BiasReport measure(
      Dataset<Row> votes, Dataset<Row> posteriors, BiasSettings settings) {
    return new BiasReport(List.of(), 1, 0, Map.of());
  }
}
