package org.plumbline.feedback;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The elements of one JSON array. After a fault nobody can tell where the next element starts: what
 * remains of the file is one malformed row.
 */
final class ArrayRows extends RawRows {
  private static final ObjectReader ELEMENT =
      JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final JsonParser parser;
  private long element;
  private boolean over;

  ArrayRows(String uri, InputStream in) throws IOException {
    super(uri);
    this.parser = JSON.getFactory().createParser(in);
    parser.nextToken();
  }

  @Override
  Optional<RawRow> read() throws IOException {
    if (over) {
      return Optional.empty();
    }
    element++;
    try {
      return parser.nextToken() == JsonToken.END_ARRAY ? end() : Optional.of(row());
    } catch (JacksonException e) {
      return Optional.of(fault(e.getOriginalMessage()));
    }
  }

  private RawRow row() throws IOException {
    long line = parser.currentTokenLocation().getLineNr();
    if (parser.currentToken() == null) {
      return fault("the array does not end");
    }
    // Not the mapper's readTree: that one refuses the comma after the element.
    JsonNode row = ELEMENT.readTree(parser);
    return new RawRow(line, element, row.toString(), Optional.of(row));
  }

  private Optional<RawRow> end() throws IOException {
    over = true;
    return parser.nextToken() == null
        ? Optional.empty()
        : Optional.of(fault("text after the end of the array"));
  }

  private RawRow fault(String what) {
    over = true;
    return new RawRow(parser.currentLocation().getLineNr(), element, what, Optional.empty());
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
