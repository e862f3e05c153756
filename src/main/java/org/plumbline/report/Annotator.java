package org.plumbline.report;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.table.AnnotatorsTable;

/** A row of {@link AnnotatorsTable}; null where too little is known. */
record Annotator(
    String name,
    long judgments,
    double reliability,
    long goldJudgments,
    Double goldAccuracy,
    Double agreement,
    Double meanSeconds,
    Double fastShare,
    long longestStreak,
    Double drift,
    Double longerPreferred,
    Double firstPreferred,
    Double meanRating,
    List<String> flags) {
  /** Annotators that the page shows at most. */
  static final int ROWS = 20;

  /** Those to look at first. Who is reliable needs no attention, so that these are enough. */
  static List<Annotator> leastReliable(Dataset<Row> annotators) {
    return annotators
        .orderBy(col("reliability"), col("annotator"))
        .limit(ROWS)
        .collectAsList()
        .stream()
        .map(Annotator::of)
        .toList();
  }

  private static Annotator of(Row row) {
    return new Annotator(
        row.getAs("annotator"),
        row.<Long>getAs("judgments"),
        row.<Double>getAs("reliability"),
        row.<Long>getAs("gold_judgments"),
        row.getAs("gold_accuracy"),
        row.getAs("agreement"),
        row.getAs("mean_seconds"),
        row.getAs("fast_share"),
        row.<Long>getAs("longest_streak"),
        row.getAs("drift"),
        row.getAs("longer_preferred"),
        row.getAs("first_preferred"),
        row.getAs("mean_rating"),
        row.getList(row.fieldIndex("flags")));
  }
}
