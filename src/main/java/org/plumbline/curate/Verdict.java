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
 * A response, and everybody who judged it by itself, in one way: by yes or no, or by ratings.
 *
 * @param id of the row in the unpaired table, or in that of ratings
 * @param response the hash of its text
 * @param problem why this can be no row, whatever was said; null if it can
 */
record Verdict(String id, String response, String problem, List<Say> says) {
  static final StructType TYPE =
      new StructType()
          .add("unpaired_id", StringType, false)
          .add("response_id", StringType, false)
          .add("problem", StringType, true)
          .add(
              "says",
              createArrayType(
                  new StructType()
                      .add("judgment", StringType, false)
                      .add("annotator", StringType, true)
                      .add("source", StringType, false)
                      .add("gold", BooleanType, false)
                      .add("value", DoubleType, false),
                  false),
              false);

  /**
   * What somebody said.
   *
   * @param value 1 for yes and -1 for no, or a calibrated rating
   */
  record Say(
      String judgment, Optional<String> annotator, String source, boolean gold, double value) {
    static Say of(Judgment judgment, double value) {
      return new Say(
          judgment.id(), judgment.annotator(), judgment.source(), judgment.gold(), value);
    }

    private static Say of(Row row) {
      return new Say(
          row.getString(0),
          Optional.ofNullable(row.getString(1)),
          row.getString(2),
          row.getBoolean(3),
          row.getDouble(4));
    }

    /** 1 for yes, -1 for no. */
    int direction() {
      return (int) Math.signum(value);
    }

    private Row row() {
      return RowFactory.create(judgment, annotator.orElse(null), source, gold, value);
    }
  }

  Row row() {
    return RowFactory.create(id, response, problem, Rows.seq(says.stream().map(Say::row).toList()));
  }

  static Verdict of(Row row) {
    return new Verdict(
        row.getString(0), row.getString(1), row.getString(2), Rows.list(row, 3, Say::of));
  }

  /** What was said by people: all but the gold ones. */
  List<Say> opinions() {
    return says.stream().filter(say -> !say.gold()).toList();
  }

  /** Where it was said, each once, in order: as rows hold it. */
  Object[] sources() {
    return says.stream().map(Say::source).distinct().sorted().toArray();
  }

  /** Who said it, as far as named, but for gold judgments. */
  Object[] annotators() {
    return opinions().stream()
        .flatMap(say -> say.annotator().stream())
        .distinct()
        .sorted()
        .toArray();
  }

  /** What gold judgments say: 1 yes, -1 no, 0 nothing or both. */
  int truth() {
    return Integer.signum(says.stream().filter(Say::gold).mapToInt(Say::direction).sum());
  }
}
