package org.plumbline.curate.bias;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a mitigation did to the pairs.
 *
 * @param pairs pairs in both tables
 * @param changedSide pairs whose more probable side is another now
 * @param meanChange mean absolute change of P(left is better)
 * @param longerBefore share of the pairs whose longer response was the more probable side
 * @param longerAfter the same, after
 * @param firstBefore share of votes' orders in which what was shown first was the more probable
 *     side
 * @param firstAfter the same, after
 */
public record MitigationEffect(
    long pairs,
    long changedSide,
    double meanChange,
    Double longerBefore,
    Double longerAfter,
    Double firstBefore,
    Double firstAfter) {

  /**
   * Compares posteriors before and after.
   *
   * @param votes rows of the votes table
   * @param before {@code pair_id}, {@code left_better}
   * @param after the same pairs, after the mitigation
   */
  public static MitigationEffect of(Dataset<Row> votes, Dataset<Row> before, Dataset<Row> after) {
    throw new UnsupportedOperationException();
  }
}
