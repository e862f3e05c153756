package org.plumbline.curate;

import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import scala.collection.JavaConverters;
import scala.collection.mutable.Buffer;

/** Lists within rows. */
final class Rows {
  private Rows() {}

  /** A list as rows hold it: Spark does not always turn Java's own into it. */
  static Buffer<?> seq(List<?> list) {
    return JavaConverters.asScalaBuffer(list);
  }

  /** The structs in {@code column}, each read by {@code reader}. */
  static <T> List<T> list(Row row, int column, Function<Row, T> reader) {
    return row.<Row>getList(column).stream().map(reader).toList();
  }
}
