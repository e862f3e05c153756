package org.plumbline.feedback;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.plumbline.table.Split;

/**
 * Turns each row of a file into one row {@code (kept, reject)}, of which exactly one is filled.
 *
 * @param input which of the inputs this is, for the rejects table
 * @param columns what a kept row has; of a row's values only these stay
 * @param idColumn the column that takes the row's identity; empty if it is the prompt's
 */
record RowParser(
    String input, RowFormat format, StructType columns, String idColumn, double heldOutShare)
    implements Serializable {
  /** Where a parsed row has what was kept, and where what was refused; the other is null. */
  static final int KEPT = 0;

  static final int REJECT = 1;

  Row parse(SourceFile file, RawRow raw) {
    Origin origin = new Origin(file.name(), file.uri(), raw.line(), raw.element());
    try {
      if (raw.json().isEmpty()) {
        throw MalformedRow.invalid("row", "not JSON", "one whole JSON object in UTF-8");
      }
      return RowFactory.create(kept(format.parse(raw.json().get()), origin), null);
    } catch (MalformedRow e) {
      Row reject =
          RowFactory.create(e.getMessage(), input, origin.file(), origin.line(), raw.text());
      return RowFactory.create(null, reject);
    }
  }

  private Row kept(Map<String, Object> values, Origin origin) {
    values.putIfAbsent("source", format.name());
    values.putIfAbsent("gold", false);
    values.computeIfAbsent(
        "split", split -> Split.of((String) values.get("prompt_id"), heldOutShare));
    values.put("file", origin.file());
    values.put("line", origin.line());
    if (!idColumn.isEmpty()) {
      values.put(idColumn, origin.id());
    }
    return RowFactory.create(Arrays.stream(columns.fieldNames()).map(values::get).toArray());
  }
}
