package org.plumbline.report;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.table.AnnotatorsTable;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.RejectsTable;

/**
 * What went into a run.
 *
 * @param kinds judgments by kind
 * @param rejects input rows that could not be used, by reason
 * @param drops pairs and rows that later stages left out, by stage and reason
 * @param annotators the least reliable, these first
 * @param annotatorsInAll how many there are
 */
record Ingredients(
    List<Count> kinds,
    List<Count> rejects,
    List<Count> drops,
    List<Annotator> annotators,
    long annotatorsInAll) {
  private static final int ROWS = 100;

  /** So many rows of one sort. */
  record Count(String name, long rows) {}

  static Ingredients of(RunTables tables, Map<String, JsonNode> results) {
    Dataset<Row> annotators =
        tables.table(AnnotatorsTable.TABLE, "annotators").orElse(tables.spark().emptyDataFrame());
    return new Ingredients(
        tables
            .table(FeedbackTable.TABLE, "feedback/judgments")
            .map(t -> counts(t, col("kind")))
            .orElse(List.of()),
        tables
            .table(RejectsTable.TABLE, "rejects")
            .map(t -> counts(t, col("reason")))
            .orElse(List.of()),
        drops(results),
        annotators.columns().length == 0 ? List.of() : Annotator.leastReliable(annotators),
        annotators.count());
  }

  private static List<Count> counts(Dataset<Row> rows, Column by) {
    return rows
        .groupBy(by.as("name"))
        .count()
        .orderBy(col("count").desc(), col("name"))
        .limit(ROWS)
        .collectAsList()
        .stream()
        .map(row -> new Count(row.getString(0), row.getLong(1)))
        .toList();
  }

  /** Curation reports what it left out as {@code dropsByReason}, tokens as {@code drops}. */
  private static List<Count> drops(Map<String, JsonNode> results) {
    List<Count> drops = new ArrayList<>();
    results.forEach(
        (stage, result) -> {
          for (String key : List.of("dropsByReason", "drops")) {
            for (Map.Entry<String, JsonNode> reason : result.path(key).properties()) {
              drops.add(new Count(stage + ": " + reason.getKey(), reason.getValue().longValue()));
            }
          }
        });
    return drops;
  }
}
