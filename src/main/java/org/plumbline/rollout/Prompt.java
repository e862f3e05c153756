package org.plumbline.rollout;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.plumbline.table.Tokens;

/**
 * A prompt to continue.
 *
 * @param sample which of its completions is wanted
 */
record Prompt(String id, int[] ids, int sample) implements Serializable {
  static Prompt of(Row row, int sample) {
    return new Prompt(
        row.getString(row.fieldIndex("prompt_id")), Tokens.ids(row, "prompt_ids"), sample);
  }

  /** The id as a number, to key draws by. */
  long key() {
    return Long.parseUnsignedLong(id, 16);
  }
}
