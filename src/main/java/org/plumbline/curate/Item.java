package org.plumbline.curate;

import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.plumbline.table.Messages;

/**
 * Two responses to the same prompt, and every vote on them. Left is the one whose text's hash comes
 * first, whoever is better.
 */
record Item(
    String promptId, Object[] prompt, String split, Side left, Side right, List<Vote> votes) {
  static final StructType TYPE =
      new StructType()
          .add("prompt_id", StringType, false)
          .add("prompt", Messages.TYPE, false)
          .add("split", StringType, false)
          .add("left_id", StringType, false)
          .add("left", StringType, false)
          .add("right_id", StringType, false)
          .add("right", StringType, false)
          .add("votes", createArrayType(Vote.TYPE, false), false);

  /** A response, known by the hash of its text. */
  record Side(String id, String text) {
    static Side of(String text) {
      return new Side(TextId.of(text), text);
    }
  }

  Row row() {
    return RowFactory.create(
        promptId,
        prompt,
        split,
        left.id(),
        left.text(),
        right.id(),
        right.text(),
        votes.stream().map(Vote::row).toArray());
  }

  static Item of(Row row) {
    return new Item(
        row.getString(0),
        row.getList(1).toArray(),
        row.getString(2),
        new Side(row.getString(3), row.getString(4)),
        new Side(row.getString(5), row.getString(6)),
        votes(row, 7));
  }

  static List<Vote> votes(Row row, int column) {
    return row.<Row>getList(column).stream().map(Vote::of).toList();
  }
}
