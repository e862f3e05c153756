package org.plumbline.feedback;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.plumbline.stage.RunFolder;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.RejectsTable;
import org.plumbline.table.Table;

/**
 * What one run of the stage adds. If there is a table to go on with, a judgment that is in it is
 * not written again: one of the same id, or the same verdict of the same annotator on the same
 * responses to the same prompt, wherever it was read from. Judgments of nobody in particular are
 * known by their id only.
 *
 * @param known judgments that were there before; empty in a run that begins anew
 * @param before by table folder and column, how many rows of each value were there
 */
record Batch(
    SparkSession spark,
    RunFolder run,
    Optional<Dataset<Row>> known,
    Map<String, Map<String, Long>> before) {
  private static final String JUDGMENTS = "feedback/judgments";
  private static final String REPEATED =
      "Invalid judgment: already in the table (must be a new one)";

  /** Verdict and responses in an order that does not depend on how they were listed. */
  private static final String SAME =
      "if(annotator is null, null, sha2(to_json(struct(annotator, prompt_id, kind, array_sort("
          + "transform(responses, (r, i) -> struct(r.text as text, ranking[i] as rank))) as ranks,"
          + " strength, acceptable, rating, critique, revision)), 256))";

  static Batch of(SparkSession spark, RunFolder run, boolean append) {
    if (!append || !run.has(JUDGMENTS)) {
      return new Batch(spark, run, Optional.empty(), Map.of());
    }
    Dataset<Row> known = FeedbackTable.TABLE.read(spark, run.at(JUDGMENTS));
    Dataset<Row> rejects = RejectsTable.TABLE.read(spark, run.at("rejects"));
    return new Batch(
        spark,
        run,
        Optional.of(known.select(col("judgment_id"), expr(SAME).as("same"))),
        Map.of(
            JUDGMENTS + " kind",
            countBy(known, "kind"),
            "rejects reason",
            countBy(ofFeedback(rejects), "reason"),
            "rejects source",
            countBy(rejects, "source")));
  }

  boolean continues() {
    return known.isPresent();
  }

  /** Those of {@code judgments} that are not there yet. */
  Dataset<Row> fresh(Dataset<Row> judgments) {
    return known
        .map(
            there ->
                join(
                    join(marked(judgments), there, "judgment_id", "left_anti"),
                    there,
                    "same",
                    "left_anti"))
        .orElse(judgments);
  }

  /** Those that are there, as rejects. */
  Dataset<Row> repeats(Dataset<Row> judgments) {
    Dataset<Row> repeats =
        known
            .map(
                there -> {
                  Dataset<Row> marked = marked(judgments);
                  Dataset<Row> others = join(marked, there, "judgment_id", "left_anti");
                  return join(marked, there, "judgment_id", "left_semi")
                      .union(join(others, there, "same", "left_semi"));
                })
            .orElse(judgments.where(lit(false)));
    return repeats.select(
        lit(REPEATED).as("reason"),
        lit("feedback").as("source"),
        col("file"),
        col("line"),
        expr("to_json(struct(judgment_id, annotator, prompt_id, kind))").as("raw"));
  }

  private static Dataset<Row> marked(Dataset<Row> judgments) {
    return judgments.withColumn("same", expr(SAME));
  }

  private static Dataset<Row> join(Dataset<Row> rows, Dataset<Row> there, String on, String how) {
    return rows.join(there.select(col(on).as("there")), col(on).equalTo(col("there")), how);
  }

  /** Writes the rows anew, or behind those that were there. */
  void write(Table table, Dataset<Row> rows, String folder) {
    if (continues()) {
      table.append(rows, run.at(folder));
    } else {
      table.write(rows, run.at(folder));
    }
  }

  /** How many rows of each value of {@code column} this run added; of reasons, the feedback's. */
  Map<String, Long> added(Table table, String folder, String column) {
    Dataset<Row> rows = table.read(spark, run.at(folder));
    Map<String, Long> added = countBy(column.equals("reason") ? ofFeedback(rows) : rows, column);
    before
        .getOrDefault(folder + " " + column, Map.of())
        .forEach((value, count) -> added.merge(value, -count, Long::sum));
    added.values().removeIf(count -> count == 0);
    return added;
  }

  private static Dataset<Row> ofFeedback(Dataset<Row> rejects) {
    return rejects.where(col("source").equalTo(lit("feedback")));
  }

  private static Map<String, Long> countBy(Dataset<Row> rows, String column) {
    Map<String, Long> counts = new TreeMap<>();
    for (Row row : rows.groupBy(column).count().collectAsList()) {
      counts.put(row.getString(0), row.getLong(1));
    }
    return counts;
  }

  static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
