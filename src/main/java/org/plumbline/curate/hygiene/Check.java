package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.table.FindingsTable;

/** Something to look for in judgments. */
sealed interface Check
    permits Contamination,
        DuplicateJudgments,
        EmptyResponses,
        Leaks,
        LengthOutliers,
        NearPrompts,
        PersonalData,
        ScriptOutliers {
  String REPORT = "report";
  String DROP = "drop";
  String MOVE = "move";
  String REDACT = "redact";
  String OFF = "off";

  /** Rows of the findings table. */
  Dataset<Row> find(Corpus corpus);

  /**
   * Findings of {@code found}, which has those columns of the findings table that are filled.
   *
   * @param action what is done about all of them
   */
  static Dataset<Row> findings(Dataset<Row> found, String kind, Column action) {
    return findings(found, lit(kind), action);
  }

  /** The same of several kinds at once: found in one pass, they are planned and compiled once. */
  static Dataset<Row> findings(Dataset<Row> found, Column kind, Column action) {
    var given = Arrays.asList(found.columns());
    Map<String, Column> own = Map.of("kind", kind, "action", action);
    return found.select(
        Arrays.stream(FindingsTable.TABLE.schema().fields())
            .map(
                field ->
                    own.getOrDefault(
                            field.name(),
                            given.contains(field.name()) ? col(field.name()) : lit(null))
                        .cast(field.dataType())
                        .as(field.name()))
            .toArray(Column[]::new));
  }

  static Dataset<Row> findings(Dataset<Row> found, String kind, String action) {
    return findings(found, kind, lit(action));
  }
}
