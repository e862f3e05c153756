package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** A layout whose rows say one thing each. */
interface OneEntryFormat extends RowFormat {
  /**
   * The columns that the row fills, by name; columns that are left out are null.
   *
   * @throws MalformedRow with the reason, if the row cannot be used
   */
  Map<String, Object> parse(JsonNode row) throws MalformedRow;

  @Override
  default List<Entry> entries(JsonNode row) {
    try {
      return List.of(new Entry.Kept(parse(row)));
    } catch (MalformedRow e) {
      return List.of(new Entry.Refused(e.getMessage()));
    }
  }
}
