package org.plumbline.curate;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * What one or more judgments say of two responses, the left and the right one.
 *
 * @param preference from -1 (surely right) over 0 (equal) to 1 (surely left)
 * @param margin by how much left is better, in standard deviations of ratings; null if not rated
 * @param leftFirst whether left was shown before right; null if not known
 * @param kind the judgments' kind
 * @param source where the judgments come from
 * @param voter who judged
 * @param judgments the judgments' ids
 */
record Vote(
    double preference,
    Double margin,
    Boolean leftFirst,
    String kind,
    String source,
    Voter voter,
    List<String> judgments) {
  /** As in {@link org.plumbline.table.VotesTable}. */
  static final StructType TYPE =
      new StructType()
          .add("judgments", createArrayType(StringType, false), false)
          .add("annotator", StringType, true)
          .add("annotator_group", StringType, true)
          .add("kind", StringType, false)
          .add("source", StringType, false)
          .add("preference", DoubleType, false)
          .add("margin", DoubleType, true)
          .add("left_first", BooleanType, true)
          .add("gold", BooleanType, false)
          .add("seconds", DoubleType, true)
          .add("time", TimestampType, true);

  /** One judgment that prefers left by {@code preference}. */
  static Vote of(Judgment judgment, double preference, Boolean leftFirst) {
    return new Vote(
        preference,
        null,
        leftFirst,
        judgment.kind(),
        judgment.source(),
        judgment.voter(),
        List.of(judgment.id()));
  }

  /** Several judgments like {@code one} that together prefer left by {@code preference}. */
  static Vote of(Judgment one, Voter voter, double preference, List<String> judgments) {
    return new Vote(preference, null, null, one.kind(), one.source(), voter, judgments);
  }

  /** The one annotator to believe or not; empty if unknown, or if several had a part in it. */
  Optional<String> annotator() {
    return voter.annotator();
  }

  /** Which side is preferred: 1 left, -1 right, 0 neither. */
  int direction() {
    return (int) Math.signum(preference);
  }

  /** The same vote with left and right exchanged. */
  Vote mirrored() {
    return new Vote(
        0 - preference,
        margin == null ? null : 0 - margin,
        leftFirst == null ? null : !leftFirst,
        kind,
        source,
        voter,
        judgments);
  }

  Row row() {
    return RowFactory.create(
        Rows.seq(judgments),
        voter.annotator().orElse(null),
        voter.group().orElse(null),
        kind,
        source,
        preference,
        margin,
        leftFirst,
        voter.gold(),
        voter.seconds(),
        voter.time());
  }

  static Vote of(Row row) {
    return new Vote(
        row.getDouble(5),
        row.isNullAt(6) ? null : row.getDouble(6),
        row.isNullAt(7) ? null : row.getBoolean(7),
        row.getString(3),
        row.getString(4),
        new Voter(
            Optional.ofNullable(row.getString(1)),
            Optional.ofNullable(row.getString(2)),
            row.getBoolean(8),
            row.isNullAt(9) ? null : row.getDouble(9),
            row.isNullAt(10) ? null : row.getTimestamp(10)),
        row.getList(0));
  }
}
