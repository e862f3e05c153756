package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.List;

/** How a row of JSON becomes rows of a table. */
interface RowFormat extends Serializable {
  /** What {@code source} says of a row that does not say it itself. */
  String name();

  /**
   * All that the row says, at least one entry. The reader adds where the row came from, the
   * identity of each entry, and the split if the row does not say it.
   */
  List<Entry> entries(JsonNode row);
}
