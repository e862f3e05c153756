package org.plumbline.rollout;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.plumbline.table.Tokens;

/**
 * A prompt to continue.
 *
 * @param sample which of its completions is wanted
 * @param attributes null, as is {@code question}, where no term of the reward asks for them
 */
record Prompt(
    String id,
    int[] ids,
    int sample,
    scala.collection.Map<String, String> attributes,
    String question)
    implements Serializable {
  /** One of a prompt's samples; {@code texts} says whether the row has them. */
  static Prompt of(Row row, int sample, boolean texts) {
    return new Prompt(
        row.getString(row.fieldIndex("prompt_id")),
        Tokens.ids(row, "prompt_ids"),
        sample,
        texts ? row.getAs(RewardTerms.ATTRIBUTES) : null,
        texts ? row.getAs(RewardTerms.PROMPT) : null);
  }

  /** The id as a number, to key draws by. */
  long key() {
    return Long.parseUnsignedLong(id, 16);
  }
}
