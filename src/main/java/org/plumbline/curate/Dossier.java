package org.plumbline.curate;

import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.plumbline.table.Messages;

/**
 * All that was judged of one prompt. Each text is in it once, in a column of its own, so that
 * whoever reads the votes alone reads no texts.
 *
 * @param tallies counts of what became of judgments, by name
 */
record Dossier(
    String promptId,
    String split,
    List<Row> prompt,
    Map<String, String> texts,
    List<Item> items,
    List<Verdict> verdicts,
    List<Verdict> ratings,
    List<Turn> turns,
    Map<String, Long> tallies) {
  static final StructType TEXT =
      new StructType().add("id", StringType, false).add("text", StringType, false);

  static final StructType TALLY =
      new StructType().add("name", StringType, false).add("count", LongType, false);

  static final StructType TYPE =
      new StructType()
          .add("prompt_id", StringType, false)
          .add("split", StringType, false)
          .add("prompt", Messages.TYPE, false)
          .add("texts", createArrayType(TEXT, false), false)
          .add("items", createArrayType(Item.TYPE, false), false)
          .add("verdicts", createArrayType(Verdict.TYPE, false), false)
          .add("ratings", createArrayType(Verdict.TYPE, false), false)
          .add("turns", createArrayType(Turn.TYPE, false), false)
          .add("tallies", createArrayType(TALLY, false), false);

  Row row() {
    return RowFactory.create(
        promptId,
        split,
        Rows.seq(prompt),
        pairs(texts),
        Rows.seq(items.stream().map(Item::row).toList()),
        Rows.seq(verdicts.stream().map(Verdict::row).toList()),
        Rows.seq(ratings.stream().map(Verdict::row).toList()),
        Rows.seq(turns.stream().map(Turn::row).toList()),
        pairs(tallies));
  }

  private static Object pairs(Map<String, ?> map) {
    return Rows.seq(
        map.entrySet().stream()
            .map(entry -> RowFactory.create(entry.getKey(), entry.getValue()))
            .toList());
  }
}
