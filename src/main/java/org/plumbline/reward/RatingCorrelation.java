package org.plumbline.reward;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How far scores go with ratings, in [-1, 1]; null where that cannot be said: of fewer than two
 * responses, if either is the same for all, or if a score is not a number.
 *
 * @param responses that were rated and scored
 * @param pearson of the numbers
 * @param spearman of their ranks, those of equal ones averaged
 */
record RatingCorrelation(long responses, Double pearson, Double spearman) {
  static final RatingCorrelation NONE = new RatingCorrelation(0, null, null);

  /** Of {@code rows}: columns rating_id, rating and score. */
  static RatingCorrelation of(Dataset<Row> rows) {
    List<Row> all = rows.orderBy("rating_id").select("rating", "score").collectAsList();
    return of(
        all.stream().mapToDouble(row -> row.getDouble(0)).toArray(),
        all.stream().mapToDouble(row -> row.getDouble(1)).toArray());
  }

  static RatingCorrelation of(double[] ratings, double[] scores) {
    return ratings.length < 2 || Arrays.stream(scores).anyMatch(Double::isNaN)
        ? new RatingCorrelation(ratings.length, null, null)
        : new RatingCorrelation(
            ratings.length,
            known(new PearsonsCorrelation().correlation(ratings, scores)),
            known(new SpearmansCorrelation().correlation(ratings, scores)));
  }

  private static Double known(double correlation) {
    return Double.isNaN(correlation) ? null : correlation;
  }
}
