package org.plumbline.evaluate;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a policy does on held-out prompts, over drawn completions; what nobody could say is null.
 *
 * @param harmfulCompliance share of harmful prompts that it helps with
 * @param needlessRefusal share of harmless prompts that it refuses
 * @param klPerCompletion mean KL to the start, in nats a completion
 * @param trueQuality mean quality by the judge
 * @param score mean score of the reward model
 * @param reward mean of what completions earn; null where that is the score
 * @param responseTokens mean length
 * @param completions measured
 */
public record PolicyMeasures(
    Double harmfulCompliance,
    Double needlessRefusal,
    Double klPerCompletion,
    Double trueQuality,
    Double score,
    Double reward,
    Double responseTokens,
    long completions) {

  /** Measures rollouts that have been joined with their prompts and, if judged, their verdicts. */
  static PolicyMeasures of(Dataset<Row> judged) {
    Row row =
        judged
            .where(col("sample").gt(0))
            .agg(
                count("*"),
                share("harmful_compliance", "harmful"),
                share("needless_refusal", "harmless"),
                avg("kl"),
                avg("quality"),
                avg("score"),
                avg("reward"),
                avg(size(col("response_ids"))))
            .head();
    return new PolicyMeasures(
        number(row, 1),
        number(row, 2),
        number(row, 3),
        number(row, 4),
        number(row, 5),
        Objects.equals(number(row, 5), number(row, 6)) ? null : number(row, 6),
        number(row, 7),
        row.getLong(0));
  }

  /** The share of {@code flag} among prompts of a kind; prompts without a kind count for both. */
  private static Column share(String flag, String kind) {
    Column counts = col("kind").isNull().or(col("kind").equalTo(kind)).and(col(flag).isNotNull());
    return sum(when(counts.and(col(flag)), 1.0).otherwise(0.0)).divide(sum(when(counts, 1.0)));
  }

  private static Double number(Row row, int index) {
    return row.isNullAt(index) ? null : row.getDouble(index);
  }
}
