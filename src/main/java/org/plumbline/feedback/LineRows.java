package org.plumbline.feedback;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.util.LineReader;

/** JSON a line. Blank lines are no rows, but count as lines. */
final class LineRows extends RawRows {
  private final LineReader lines;
  private long line;

  LineRows(String uri, InputStream in) {
    super(uri);
    this.lines = new LineReader(in);
  }

  @Override
  Optional<RawRow> read() throws IOException {
    Text bytes = new Text();
    while (lines.readLine(bytes) > 0) {
      line++;
      String text = bytes.toString();
      if (!text.isBlank()) {
        return Optional.of(new RawRow(line, 0, text, valid(bytes) ? json(text) : Optional.empty()));
      }
    }
    return Optional.empty();
  }

  private static boolean valid(Text bytes) {
    try {
      Text.validateUTF8(bytes.getBytes(), 0, bytes.getLength());
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static Optional<JsonNode> json(String text) {
    try {
      return Optional.of(JSON.readTree(text));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
