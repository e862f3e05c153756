package org.plumbline.prefer;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.plumbline.model.Sequence;
import org.plumbline.table.Tokens;
import org.plumbline.train.Example;

/**
 * One response, desirable or not, with what the reference policy makes of it.
 *
 * @param desirable whether it was accepted, or chosen
 * @param mismatched a response to another prompt; empty if none is asked for or was found
 * @param probability P(the response is desirable)
 * @param weight multiplies the response in the loss
 * @param reference summed log-probability of the response, in nats
 * @param mismatchedReference the same of the mismatched response, after this prompt
 */
record JudgedResponse(
    boolean desirable,
    int[] prompt,
    int[] response,
    int[] mismatched,
    double probability,
    double weight,
    double reference,
    double mismatchedReference)
    implements Example, Serializable {
  static JudgedResponse of(Row row) {
    return new JudgedResponse(
        row.getBoolean(row.fieldIndex("desirable")),
        Tokens.ids(row, "prompt_ids"),
        Tokens.ids(row, "response_ids"),
        Tokens.ids(row, "mismatched_ids"),
        row.getDouble(row.fieldIndex("probability")),
        row.getDouble(row.fieldIndex("weight")),
        row.getDouble(row.fieldIndex("logprob")),
        row.getDouble(row.fieldIndex("mismatched_logprob")));
  }

  Sequence sequence() {
    return new Sequence(prompt, response);
  }

  Sequence mismatchedSequence() {
    return new Sequence(prompt, mismatched);
  }

  @Override
  public int length() {
    return prompt.length + Math.max(response.length, mismatched.length);
  }
}
