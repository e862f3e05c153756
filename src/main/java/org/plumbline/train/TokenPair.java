package org.plumbline.train;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.plumbline.model.Sequence;
import org.plumbline.table.Tokens;

/**
 * A preference pair as token ids.
 *
 * @param probability P(chosen is better)
 * @param weight multiplies the pair in the loss
 */
public record TokenPair(
    int[] prompt, int[] chosen, int[] rejected, double probability, double weight)
    implements Example, Serializable {

  /** The pair in a row of the pair tokens table. */
  public static TokenPair of(Row row) {
    return new TokenPair(
        Tokens.ids(row, "prompt_ids"),
        Tokens.ids(row, "chosen_ids"),
        Tokens.ids(row, "rejected_ids"),
        row.getDouble(row.fieldIndex("probability")),
        row.getDouble(row.fieldIndex("weight")));
  }

  /** Prompt and chosen response. */
  public Sequence chosenSequence() {
    return new Sequence(prompt, chosen);
  }

  /** Prompt and rejected response. */
  public Sequence rejectedSequence() {
    return new Sequence(prompt, rejected);
  }

  @Override
  public int length() {
    return prompt.length + Math.max(chosen.length, rejected.length);
  }
}
