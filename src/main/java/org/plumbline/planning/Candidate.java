package org.plumbline.planning;

import java.util.HashSet;
import java.util.Set;
import org.apache.spark.sql.Row;

/**
 * A pair that could be asked about.
 *
 * @param left id of one response, that of the other follows
 * @param leftBetter P(left is better), in [0, 1]
 * @param priority the greater, the sooner
 * @param judges who compared it already, as far as named
 */
record Candidate(
    String pairId,
    String promptId,
    String left,
    String right,
    double leftBetter,
    double priority,
    Set<String> judges) {
  static Candidate of(Row row) {
    return new Candidate(
        row.getAs("pair_id"),
        row.getAs("prompt_id"),
        row.getAs("left_id"),
        row.getAs("right_id"),
        row.<Double>getAs("left_better"),
        row.<Double>getAs("priority"),
        new HashSet<>(row.getList(row.fieldIndex("judges"))));
  }

  /** Log-odds of the more probable side, in nats. */
  double logOdds() {
    double p = Math.max(leftBetter, 1 - leftBetter);
    return Math.log(p / (1 - p));
  }

  /** P(the more probable side is better), at least 0.5. */
  double probability() {
    return Math.max(leftBetter, 1 - leftBetter);
  }
}
