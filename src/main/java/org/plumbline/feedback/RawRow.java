package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A row as it stands in a file.
 *
 * @param line counted from 1
 * @param element its place in a JSON array, counted from 1; 0 elsewhere
 * @param text as it was written, or as JSON writes it again
 * @param json empty if there is a fault
 * @param fault why it is no row at all
 */
record RawRow(
    long line, long element, String text, Optional<JsonNode> json, Optional<String> fault) {
  private static final String NOT_JSON =
      MalformedRow.invalid("row", "not JSON", "one whole JSON object in UTF-8").getMessage();

  /** A row of JSON; empty {@code json} means that the text is none. */
  RawRow(long line, long element, String text, Optional<JsonNode> json) {
    this(line, element, text, json, json.isEmpty() ? Optional.of(NOT_JSON) : Optional.empty());
  }
}
