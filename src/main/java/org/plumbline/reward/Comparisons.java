package org.plumbline.reward;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;
import org.plumbline.table.Tokens;
import org.plumbline.train.Example;
import org.plumbline.train.TokenPair;

/**
 * A pair, and what else its chosen response is compared with.
 *
 * @param others responses to other prompts, as token ids; may be empty
 */
record Comparisons(TokenPair pair, List<int[]> others) implements Example, Serializable {
  static Comparisons of(Row row) {
    return new Comparisons(
        TokenPair.of(row),
        row.<Row>getList(row.fieldIndex(CrossPrompt.OTHERS)).stream()
            .map(other -> Tokens.ids(other, CrossPrompt.IDS))
            .toList());
  }

  @Override
  public int length() {
    int longest = others.stream().mapToInt(other -> other.length).max().orElse(0);
    return Math.max(pair.length(), pair.prompt().length + longest);
  }
}
