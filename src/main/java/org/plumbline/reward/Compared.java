package org.plumbline.reward;

import java.util.List;
import org.apache.spark.sql.Row;
import org.plumbline.table.Tokens;

/**
 * A pair without its prompt, and what else its chosen response is compared with.
 *
 * @param others responses to other prompts, as token ids; may be empty
 */
record Compared(
    int[] chosen, int[] rejected, double probability, double weight, List<int[]> others) {
  /** Columns that {@link #of} reads. */
  static final String[] COLUMNS = {
    "chosen_ids", "rejected_ids", "probability", "weight", CrossPrompt.OTHERS
  };

  /** The pair in a row that {@link CrossPrompt} has added to. */
  static Compared of(Row row) {
    return new Compared(
        Tokens.ids(row, "chosen_ids"),
        Tokens.ids(row, "rejected_ids"),
        row.getDouble(row.fieldIndex("probability")),
        row.getDouble(row.fieldIndex("weight")),
        row.<Row>getList(row.fieldIndex(CrossPrompt.OTHERS)).stream()
            .map(other -> Tokens.ids(other, CrossPrompt.IDS))
            .toList());
  }
}
