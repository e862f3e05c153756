package org.plumbline.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.plumbline.table.FindingsTable;

/**
 * How good the feedback is, as curation found it.
 *
 * @param report {@code curate/quality.json} as it is: the page shows what it has of the parts
 * @param samples some findings of each check and action
 */
record FeedbackQuality(JsonNode report, List<Finding> samples) {
  /** Findings of each check and action that the page shows at most. */
  static final int SAMPLES = 3;

  /** A row of {@link FindingsTable}. */
  record Finding(
      String kind,
      String action,
      String promptId,
      String responseId,
      String pairId,
      String judgmentId,
      String otherId,
      String detail) {
    private static Finding of(Row row) {
      return new Finding(
          row.getAs("kind"),
          row.getAs("action"),
          row.getAs("prompt_id"),
          row.getAs("response_id"),
          row.getAs("pair_id"),
          row.getAs("judgment_id"),
          row.getAs("other_id"),
          row.getAs("detail"));
    }
  }

  /** Empty if curation left no report, as before it made one. */
  static Optional<FeedbackQuality> of(RunTables tables) {
    return tables
        .json("curate/quality.json")
        .map(
            report ->
                new FeedbackQuality(
                    report,
                    tables
                        .table(FindingsTable.TABLE, "findings")
                        .map(FeedbackQuality::samples)
                        .orElse(List.of())));
  }

  /** One query however many checks there are, which keeps the first rows of each as it goes. */
  private static List<Finding> samples(Dataset<Row> findings) {
    Column[] all =
        Arrays.stream(FindingsTable.TABLE.schema().fieldNames())
            .map(name -> col(name))
            .toArray(Column[]::new);
    return findings
        .withColumn("place", row_number().over(Window.partitionBy("kind", "action").orderBy(all)))
        .where(col("place").leq(SAMPLES))
        .orderBy(all)
        .collectAsList()
        .stream()
        .map(Finding::of)
        .toList();
  }
}
