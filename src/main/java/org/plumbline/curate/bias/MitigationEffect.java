package org.plumbline.curate.bias;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What a mitigation did to the pairs.
 *
 * @param pairs pairs in both tables
 * @param changedSide pairs whose more probable side is another now
 * @param meanChange mean absolute change of P(left is better)
 * @param longerBefore mean P(the longer response is better); null if all are equally long
 * @param longerAfter the same, after
 * @param firstBefore mean over votes of P(the response shown first is better); null if no order is
 *     known. Order is drawn by lot, so that 0.5 is no bias
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
    Dataset<Row> sides =
        votes
            .selectExpr(
                "pair_id",
                "sign(left_length - right_length) as longer",
                "case when left_first then 1D when not left_first then -1D end as first")
            .groupBy("pair_id")
            .agg(
                functions.first("longer").as("longer"),
                functions.sum("first").as("first"),
                functions.count("first").as("orders"));
    Row sums =
        sides
            .join(before.selectExpr("pair_id", "left_better as b"), "pair_id")
            .join(after.selectExpr("pair_id", "left_better as a"), "pair_id")
            .selectExpr(
                "count(*)",
                "count_if((a - 0.5) * (b - 0.5) < 0)",
                "avg(abs(a - b))",
                "0.5 + avg(case when longer <> 0 then longer * (b - 0.5) end)",
                "0.5 + avg(case when longer <> 0 then longer * (a - 0.5) end)",
                "0.5 + sum(first * (b - 0.5)) / sum(orders)",
                "0.5 + sum(first * (a - 0.5)) / sum(orders)")
            .head();
    return new MitigationEffect(
        sums.getLong(0),
        sums.getLong(1),
        sums.isNullAt(2) ? 0 : sums.getDouble(2),
        sums.getAs(3),
        sums.getAs(4),
        sums.getAs(5),
        sums.getAs(6));
  }
}
