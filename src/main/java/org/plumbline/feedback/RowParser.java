package org.plumbline.feedback;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.plumbline.table.Split;

/**
 * Turns each row that is read into rows that are kept and rejects.
 *
 * @param input which of the inputs this is, for the rejects table
 * @param columns what a kept row has; of a row's values only these stay
 * @param idColumn the column that takes the row's identity; empty if it is the prompt's
 */
record RowParser(
    String input, RowFormat format, StructType columns, String idColumn, double heldOutShare)
    implements Serializable {

  Outcome parse(Placed placed) {
    RawRow raw = placed.raw();
    List<Entry> entries =
        raw.fault().isPresent()
            ? List.of(new Entry.Refused(raw.fault().get()))
            : format.entries(raw.json().orElseThrow());
    List<Row> kept = new ArrayList<>();
    List<Row> rejects = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry instanceof Entry.Kept good) {
        kept.add(kept(good.columns(), placed.origin(kept.size() + rejects.size())));
      } else if (entry instanceof Entry.Refused bad) {
        rejects.add(RowFactory.create(bad.reason(), input, placed.uri(), raw.line(), raw.text()));
      }
    }
    return new Outcome(entries.size(), kept, rejects);
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
