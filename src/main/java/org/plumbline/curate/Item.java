package org.plumbline.curate;

import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.plumbline.table.Messages;
import scala.collection.JavaConverters;
import scala.collection.mutable.Buffer;

/**
 * Two responses to the same prompt, and every vote on them. Left is the one whose text's hash comes
 * first, whoever is better.
 */
record Item(
    String promptId, List<Row> prompt, String split, Side left, Side right, List<Vote> votes) {
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

  private static final int VOTES = TYPE.fieldIndex("votes");

  /** A response, known by the hash of its text. */
  record Side(String id, String text) {
    static Side of(String text) {
      return new Side(TextId.of(text), text);
    }
  }

  Row row() {
    return RowFactory.create(
        promptId,
        seq(prompt),
        split,
        left.id(),
        left.text(),
        right.id(),
        right.text(),
        seq(votes.stream().map(Vote::row).toList()));
  }

  static Item of(Row row) {
    return new Item(
        row.getString(0),
        row.getList(1),
        row.getString(2),
        new Side(row.getString(3), row.getString(4)),
        new Side(row.getString(5), row.getString(6)),
        votes(row));
  }

  /** A list as rows hold it: Spark does not always turn Java's own into it. */
  static Buffer<?> seq(List<?> list) {
    return JavaConverters.asScalaBuffer(list);
  }

  static List<Vote> votes(Row row) {
    return row.<Row>getList(VOTES).stream().map(Vote::of).toList();
  }
}
