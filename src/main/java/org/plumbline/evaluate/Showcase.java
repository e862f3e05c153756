package org.plumbline.evaluate;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Two replies to the showcase prompt, the start's and the aligned policy's, each the most probable
 * one, with what the reward model gives them.
 */
record Showcase(
    String prompt, String chosen, String rejected, Double chosenScore, Double rejectedScore) {

  /** The showcase of {@code judged}; empty if the prompt was not completed by both. */
  static Optional<Showcase> of(Dataset<Row> judged, String prompt) {
    if (prompt.isEmpty()) {
      return Optional.empty();
    }
    Dataset<Row> greedy =
        judged.where(col("question").equalTo(prompt).and(col("sample").equalTo(0)));
    List<Row> start = replies(greedy, "start");
    List<Row> aligned = replies(greedy, "ppo");
    if (start.isEmpty() || aligned.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Showcase(
            prompt,
            aligned.get(0).getString(0),
            start.get(0).getString(0),
            score(aligned.get(0)),
            score(start.get(0))));
  }

  private static List<Row> replies(Dataset<Row> greedy, String policy) {
    return greedy
        .where(col("policy").equalTo(policy))
        .select("completion", "score")
        .collectAsList();
  }

  private static Double score(Row row) {
    return row.isNullAt(1) ? null : row.getDouble(1);
  }
}
