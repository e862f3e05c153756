package org.plumbline.curate;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/** What became of the pairs of responses that were judged. Shares are null where there are none. */
record Counts(
    Map<String, Long> pairsBySplit,
    Map<String, Long> drops,
    long doublyJudged,
    Double disagreement,
    Double meanProbability) {
  private static final int SPLIT = Resolution.TYPE.fieldIndex("split");
  private static final int PROBABILITY = Resolution.TYPE.fieldIndex("probability");
  private static final int DROP = Resolution.TYPE.fieldIndex("drop");
  private static final String KEPT = "kept ";
  private static final String DROPPED = "dropped ";

  /** Probabilities add up in billionths: the sum does not depend on the order. */
  private static final double UNIT = 1e9;

  /** Counts rows of type {@link Resolution#TYPE}. */
  static Counts of(JavaRDD<Row> resolved) {
    Map<String, Long> splits = new TreeMap<>();
    Map<String, Long> drops = new TreeMap<>();
    long[] all = new long[4];
    Tally.sum(resolved, Counts::tally)
        .forEach(
            (key, sums) -> {
              if (key.startsWith(KEPT)) {
                splits.put(key.substring(KEPT.length()), sums[0]);
                all[3] += sums[3];
              } else {
                drops.put(key.substring(DROPPED.length()), sums[0]);
              }
              all[1] += sums[1];
              all[2] += sums[2];
            });
    long pairs = total(splits);
    return new Counts(
        splits,
        drops,
        all[1],
        all[1] == 0 ? null : (double) all[2] / all[1],
        pairs == 0 ? null : all[3] / UNIT / pairs);
  }

  /** Rows, doubly judged, disagreeing among them, and the sum of probabilities. */
  private static void tally(Row row, Tally tally) {
    tally.add(
        row.isNullAt(DROP) ? KEPT + row.getString(SPLIT) : DROPPED + row.getString(DROP),
        1,
        row.getBoolean(DROP + 1) ? 1 : 0,
        row.getBoolean(DROP + 2) ? 1 : 0,
        Math.round(row.getDouble(PROBABILITY) * UNIT));
  }

  long pairs() {
    return total(pairsBySplit);
  }

  private static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
