package org.plumbline.curate;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.plumbline.curate.bias.Sums;

/**
 * What became of what was judged. Shares are null where there are none.
 *
 * @param drops pairs, verdicts and ratings not written, by reason
 * @param unpaired rows on single responses, by {@code acceptable} or {@code unacceptable}
 * @param rated rows on rated responses
 * @param doublyJudged pairs that two annotators or more have voted on
 * @param disagreement of those, the share on which they do not all say the same
 * @param meanProbability P(chosen is better), of pairs not dropped
 */
record Counts(
    Map<String, Long> drops,
    Map<String, Long> unpaired,
    long rated,
    long doublyJudged,
    Double disagreement,
    Double meanProbability) {
  private static final String KEPT = "kept";
  private static final String DROPPED = "dropped ";
  private static final String UNPAIRED = "unpaired ";
  private static final String RATED = "rated";

  /** Probabilities add up in billionths: the sum does not depend on the order. */
  private static final double UNIT = 1e9;

  /**
   * Counts dossiers: items, verdicts, ratings.
   *
   * @param pairs how pairs are made
   * @param unpaired how rows on single responses are made
   * @param ratings how rows on rated responses are made
   */
  static Counts of(
      JavaRDD<Row> dossiers, PairRows pairs, UnpairedRows unpaired, RatingRows ratings) {
    Map<String, Long> drops = new TreeMap<>();
    Map<String, Long> verdicts = new TreeMap<>();
    long[] kept = new long[4];
    long[] judged = new long[2];
    long[] rated = new long[1];
    Sums.whole(dossiers, (Row row, Sums<String> sums) -> tally(row, pairs, unpaired, ratings, sums))
        .forEach(
            (key, sum) -> {
              if (key.equals(KEPT)) {
                System.arraycopy(sum, 0, kept, 0, kept.length);
              } else if (key.equals(RATED)) {
                rated[0] = sum[0];
              } else if (key.startsWith(UNPAIRED)) {
                verdicts.put(key.substring(UNPAIRED.length()), sum[0]);
              } else {
                drops.put(key.substring(DROPPED.length()), sum[0]);
              }
              judged[0] += sum[1];
              judged[1] += sum[2];
            });
    return new Counts(
        drops,
        verdicts,
        rated[0],
        judged[0],
        share(judged[1], judged[0]),
        share(kept[3] / UNIT, kept[0]));
  }

  private static Double share(double part, long whole) {
    return whole == 0 ? null : part / whole;
  }

  private static void tally(
      Row row, PairRows pairs, UnpairedRows unpaired, RatingRows ratings, Sums<String> sums) {
    for (Settled settled : pairs.settlement().settle(Rows.list(row, 0, Item::of))) {
      Optional<String> drop = settled.drop(pairs.minProbability());
      int[] voices = settled.item().voices();
      sums.add(
          drop.map(reason -> DROPPED + reason).orElse(KEPT),
          1,
          voices.length > 1 ? 1 : 0,
          Arrays.stream(voices).distinct().count() > 1 ? 1 : 0,
          Math.round(settled.probability() * UNIT));
    }
    for (Verdict verdict : Rows.list(row, 1, Verdict::of)) {
      String acceptable = unpaired.acceptable(verdict) ? "acceptable" : "unacceptable";
      sums.add(
          unpaired.drop(verdict).map(reason -> DROPPED + reason).orElse(UNPAIRED + acceptable),
          1,
          0,
          0,
          0);
    }
    for (Verdict rating : Rows.list(row, 2, Verdict::of)) {
      sums.add(ratings.drop(rating).map(reason -> DROPPED + reason).orElse(RATED), 1, 0, 0, 0);
    }
  }
}
