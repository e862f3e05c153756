package org.plumbline.curate;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * What one or two judgments say of two responses, the left and the right one.
 *
 * @param preference from -1 (surely right) over 0 (equal) to 1 (surely left)
 * @param margin by how much left is better, in standard deviations of ratings; null if not rated
 * @param leftFirst whether left was shown before right; null if not known
 * @param kind the judgments' kind
 * @param source where the judgments come from
 * @param annotators who judged, as far as they are named
 * @param judgments the judgments' ids
 */
record Vote(
    double preference,
    Double margin,
    Boolean leftFirst,
    String kind,
    String source,
    List<String> annotators,
    List<String> judgments) {
  static final StructType TYPE =
      new StructType()
          .add("preference", DoubleType, false)
          .add("margin", DoubleType, true)
          .add("left_first", BooleanType, true)
          .add("kind", StringType, false)
          .add("source", StringType, false)
          .add("annotators", createArrayType(StringType, false), false)
          .add("judgments", createArrayType(StringType, false), false);

  /** One judgment that prefers left by {@code preference}. */
  static Vote of(Judgment judgment, double preference) {
    return new Vote(
        preference,
        null,
        null,
        judgment.kind(),
        judgment.source(),
        judgment.annotator().stream().toList(),
        List.of(judgment.id()));
  }

  /** The one annotator to believe or not; empty if unknown, or if two had a part in it. */
  Optional<String> annotator() {
    return annotators.size() == 1 ? Optional.of(annotators.get(0)) : Optional.empty();
  }

  /** Which side is preferred: 1 left, -1 right, 0 neither. */
  int direction() {
    return (int) Math.signum(preference);
  }

  /** How much the vote counts, in [0, 1]. */
  double weight() {
    return Math.abs(preference);
  }

  /** The same vote with left and right exchanged. */
  Vote mirrored() {
    return new Vote(
        0 - preference,
        margin == null ? null : 0 - margin,
        leftFirst == null ? null : !leftFirst,
        kind,
        source,
        annotators,
        judgments);
  }

  Row row() {
    return RowFactory.create(
        preference, margin, leftFirst, kind, source, Item.seq(annotators), Item.seq(judgments));
  }

  static Vote of(Row row) {
    return new Vote(
        row.getDouble(0),
        row.isNullAt(1) ? null : row.getDouble(1),
        row.isNullAt(2) ? null : row.getBoolean(2),
        row.getString(3),
        row.getString(4),
        row.getList(5),
        row.getList(6));
  }
}
