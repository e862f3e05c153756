package org.plumbline.testing;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** A row of the rollouts table, made by hand. */
public record RolloutRow(
    String policy, String promptId, int sample, String completion, double score, double kl) {

  /** With so many tokens, of which nothing is known. */
  public Row ofLength(int tokens) {
    return row(new float[tokens], new float[tokens], new float[tokens], "stop");
  }

  /** With what was known of each token. */
  public Row row(float[] logprobs, float[] reference, float[] values, String finish) {
    return RowFactory.create(
        0,
        policy,
        promptId,
        sample,
        new int[] {2, 3},
        new int[logprobs.length],
        completion,
        logprobs,
        logprobs,
        reference,
        values,
        score,
        scala.collection.immutable.Map$.MODULE$.empty(),
        score,
        kl,
        finish,
        0L);
  }
}
