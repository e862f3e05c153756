package org.plumbline.sft;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.plumbline.model.Sequence;
import org.plumbline.table.Tokens;
import org.plumbline.train.Example;

/** A dialogue to imitate, as token ids. */
record Demonstration(int[] prompt, int[] response) implements Example, Serializable {
  static Demonstration of(Row row) {
    return new Demonstration(Tokens.ids(row, "prompt_ids"), Tokens.ids(row, "response_ids"));
  }

  Sequence sequence() {
    return new Sequence(prompt, response);
  }

  @Override
  public int length() {
    return prompt.length + response.length;
  }
}
