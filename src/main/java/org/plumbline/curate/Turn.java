package org.plumbline.curate;

import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import java.sql.Timestamp;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * One judgment as one of all that its annotator gave.
 *
 * @param time when it was given; null if not known
 * @param file where it was read, and in which line: the order if no time is known
 * @param answer what was answered, in terms of what was to be seen; null if that is not known
 */
record Turn(
    String judgment, String annotator, Timestamp time, String file, long line, String answer) {
  static final StructType TYPE =
      new StructType()
          .add("judgment", StringType, false)
          .add("annotator", StringType, false)
          .add("time", TimestampType, true)
          .add("file", StringType, false)
          .add("line", LongType, false)
          .add("answer", StringType, true);

  /** The turn of a judgment that somebody is named for. */
  static Turn of(Judgment judgment) {
    return new Turn(
        judgment.id(),
        judgment.annotator().orElseThrow(),
        judgment.voter().time(),
        judgment.place().file(),
        judgment.place().line(),
        answer(judgment));
  }

  /**
   * The order of responses in the file says nothing of the annotator: it may put the best first.
   */
  private static String answer(Judgment judgment) {
    List<Integer> shown = judgment.shown();
    return switch (judgment.kind()) {
      case "ranking", "choice" ->
          shown.isEmpty() ? null : "ranks " + shown.stream().map(judgment.ranking()::get).toList();
      case "binary" -> judgment.answer().acceptable() ? "yes" : "no";
      case "rating" -> String.format(Locale.ROOT, "rating %.6f", judgment.answer().rating());
      default -> null;
    };
  }

  Row row() {
    return RowFactory.create(judgment, annotator, time, file, line, answer);
  }

  static Turn of(Row row) {
    return new Turn(
        row.getString(0),
        row.getString(1),
        row.isNullAt(2) ? null : row.getTimestamp(2),
        row.getString(3),
        row.getLong(4),
        row.getString(5));
  }
}
