package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.Map;

/** How a row of JSON becomes a row of a table. */
interface RowFormat extends Serializable {
  /** What {@code source} says of a row that does not say it itself. */
  String name();

  /**
   * The columns that the row fills, by name; columns that are left out are null. The reader adds
   * where the row came from, its identity, and the split if the row does not say it.
   *
   * @throws MalformedRow with the reason, if the row cannot be used
   */
  Map<String, Object> parse(JsonNode row) throws MalformedRow;
}
