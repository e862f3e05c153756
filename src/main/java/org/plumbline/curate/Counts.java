package org.plumbline.curate;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/**
 * What became of what was judged. Shares are null where there are none.
 *
 * @param pairsBySplit pairs written
 * @param drops pairs and verdicts not written, by reason
 * @param unpaired rows on single responses, by {@code acceptable} or {@code unacceptable}
 * @param doublyJudged pairs with two votes or more
 * @param disagreement of those, the share whose votes do not all say the same
 */
record Counts(
    Map<String, Long> pairsBySplit,
    Map<String, Long> drops,
    Map<String, Long> unpaired,
    long doublyJudged,
    Double disagreement,
    Double meanProbability) {
  private static final String KEPT = "kept ";
  private static final String DROPPED = "dropped ";
  private static final String UNPAIRED = "unpaired ";

  /** Probabilities add up in billionths: the sum does not depend on the order. */
  private static final double UNIT = 1e9;

  /**
   * Counts dossiers: split, items, verdicts.
   *
   * @param pairs how pairs are made
   * @param unpaired how rows on single responses are made
   */
  static Counts of(JavaRDD<Row> dossiers, PairRows pairs, UnpairedRows unpaired) {
    Map<String, Long> splits = new TreeMap<>();
    Map<String, Long> drops = new TreeMap<>();
    Map<String, Long> verdicts = new TreeMap<>();
    long[] all = new long[4];
    Tally.sum(dossiers, (row, tally) -> tally(row, pairs, unpaired, tally))
        .forEach(
            (key, sums) -> {
              if (key.startsWith(KEPT)) {
                splits.put(key.substring(KEPT.length()), sums[0]);
                all[3] += sums[3];
              } else if (key.startsWith(UNPAIRED)) {
                verdicts.put(key.substring(UNPAIRED.length()), sums[0]);
              } else {
                drops.put(key.substring(DROPPED.length()), sums[0]);
              }
              all[1] += sums[1];
              all[2] += sums[2];
            });
    long written = total(splits);
    return new Counts(
        splits,
        drops,
        verdicts,
        all[1],
        all[1] == 0 ? null : (double) all[2] / all[1],
        written == 0 ? null : all[3] / UNIT / written);
  }

  private static void tally(Row row, PairRows pairs, UnpairedRows unpaired, Tally tally) {
    for (Settled settled : pairs.settlement().settle(Rows.list(row, 1, Item::of))) {
      Optional<String> drop = settled.drop(pairs.minProbability());
      tally.add(
          drop.map(reason -> DROPPED + reason).orElse(KEPT + row.getString(0)),
          1,
          settled.doublyJudged() ? 1 : 0,
          settled.disagree() ? 1 : 0,
          Math.round(settled.probability() * UNIT));
    }
    for (Verdict verdict : Rows.list(row, 2, Verdict::of)) {
      String acceptable = unpaired.acceptable(verdict) ? "acceptable" : "unacceptable";
      tally.add(
          unpaired.drop(verdict).map(reason -> DROPPED + reason).orElse(UNPAIRED + acceptable),
          1,
          0,
          0,
          0);
    }
  }

  long pairs() {
    return total(pairsBySplit);
  }

  private static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
