package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.round;

import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Responses whose log length lies far from the median, in robust standard deviations: 1.4826 times
 * the median absolute deviation (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993).
 * Log lengths are rounded to hundredths, so that medians come from a short table of counts and do
 * not depend on the order of rows.
 */
record LengthOutliers(String action, double deviations) implements Check {
  private static final double ROBUST = 1.4826;
  private static final long LEAST = 10;
  private static final String LOG = "log_length";

  @Override
  public Dataset<Row> find(Corpus corpus) {
    Dataset<Row> lengths =
        corpus
            .written()
            .select(col("prompt_id"), col("response_id"), length(col("text")).as("length"))
            .withColumn(LOG, round(log(col("length")).multiply(100)).cast("long"));
    TreeMap<Long, Long> counts = new TreeMap<>();
    for (Row row : lengths.groupBy(LOG).count().collectAsList()) {
      counts.put(row.getLong(0), row.getLong(1));
    }
    long median = counts.isEmpty() ? 0 : median(counts);
    TreeMap<Long, Long> away = new TreeMap<>();
    counts.forEach((value, n) -> away.merge(Math.abs(value - median), n, Long::sum));
    // Where most are of one length, a tenth more or less is nothing strange.
    double spread = ROBUST * Math.max(LEAST, away.isEmpty() ? 0 : median(away));
    Dataset<Row> found =
        lengths
            .where(abs(col(LOG).minus(median)).gt(deviations * spread))
            .withColumn(
                "detail",
                concat(
                    col("length"),
                    lit(" characters, the median is %.0f".formatted(Math.exp(median / 100.0)))));
    return Check.findings(found, "length-outliers", action);
  }

  private static long median(TreeMap<Long, Long> counts) {
    long half =
        (LongStream.concat(LongStream.of(1), counts.values().stream().mapToLong(n -> n)).sum()) / 2;
    long seen = 0;
    for (var entry : counts.entrySet()) {
      seen += entry.getValue();
      if (seen >= half) {
        return entry.getKey();
      }
    }
    return counts.lastKey();
  }
}
