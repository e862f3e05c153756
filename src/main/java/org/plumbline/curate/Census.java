package org.plumbline.curate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Who judged how often, and how high.
 *
 * @param judgmentsByKind all judgments
 * @param judgments of each annotator that is named
 * @param ratings of each annotator that is named, on a scale from 0 to 1
 * @param allRatings those, and the ratings that nobody is named for
 */
record Census(
    Map<String, Long> judgmentsByKind,
    Map<String, Long> judgments,
    Map<String, Calibration.Sums> ratings,
    Calibration.Sums allRatings) {
  /** Decimals add up to the same in whatever order they come; doubles do not. */
  private static final String RATING =
      "cast((rating - rating_min) / (rating_max - rating_min) as decimal(12, 9))";

  static Census of(Dataset<Row> feedback) {
    Map<String, Long> byKind = new TreeMap<>();
    Map<String, Long> byAnnotator = new TreeMap<>();
    Map<String, Calibration.Sums> ratings = new HashMap<>();
    Calibration.Sums all = new Calibration.Sums(0, 0, 0);
    Dataset<Row> counts =
        feedback
            .withColumn("x", expr(RATING))
            .groupBy("kind", "annotator")
            .agg(
                count(lit(1)),
                count("x"),
                sum("x").cast("double"),
                sum(col("x").multiply(col("x"))).cast("double"))
            .orderBy("kind", "annotator");
    for (Row row : counts.collectAsList()) {
      byKind.merge(row.getString(0), row.getLong(2), Long::sum);
      if (!row.isNullAt(1)) {
        byAnnotator.merge(row.getString(1), row.getLong(2), Long::sum);
      }
      if (row.getLong(3) > 0) {
        var sums = new Calibration.Sums(row.getLong(3), row.getDouble(4), row.getDouble(5));
        all = all.plus(sums);
        if (!row.isNullAt(1)) {
          ratings.merge(row.getString(1), sums, Calibration.Sums::plus);
        }
      }
    }
    return new Census(byKind, byAnnotator, ratings, all);
  }
}
