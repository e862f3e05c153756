package org.plumbline.curate;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What became of the pairs of responses that were judged. Shares are null where there are none. */
record Counts(
    Map<String, Long> pairsBySplit,
    Map<String, Long> drops,
    long doublyJudged,
    Double disagreement,
    Double meanProbability) {
  /** Counts rows of type {@link Resolution#TYPE}. */
  static Counts of(Dataset<Row> resolved) {
    Map<String, Long> splits = new TreeMap<>();
    Map<String, Long> drops = new TreeMap<>();
    long doubly = 0;
    long disagree = 0;
    double probability = 0;
    Dataset<Row> groups =
        resolved
            .groupBy("drop", "split")
            .agg(
                count(lit(1)),
                expr("count_if(doubly_judged)"),
                expr("count_if(doubly_judged and disagree)"),
                // As decimals, so that the sum does not depend on the order.
                expr("cast(sum(cast(probability as decimal(18, 15))) as double)"))
            .orderBy("drop", "split");
    for (Row group : groups.collectAsList()) {
      doubly += group.getLong(3);
      disagree += group.getLong(4);
      if (group.isNullAt(0)) {
        splits.put(group.getString(1), group.getLong(2));
        probability += group.getDouble(5);
      } else {
        drops.merge(group.getString(0), group.getLong(2), Long::sum);
      }
    }
    long pairs = total(splits);
    return new Counts(
        splits,
        drops,
        doubly,
        doubly == 0 ? null : (double) disagree / doubly,
        pairs == 0 ? null : probability / pairs);
  }

  long pairs() {
    return total(pairsBySplit);
  }

  private static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
