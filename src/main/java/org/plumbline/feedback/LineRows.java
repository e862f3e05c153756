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
  private final long end;
  private long position;
  private long line;

  private LineRows(Piece piece, InputStream in, long position) {
    super(piece.file().uri());
    this.lines = new LineReader(in);
    this.position = position;
    this.end = piece.end();
    this.line = piece.lines();
  }

  /** The lines of a piece that starts the file, {@code position} bytes of which are read. */
  static LineRows first(Piece piece, InputStream in, long position) {
    return new LineRows(piece, in, position);
  }

  /** The lines of a piece further on. The one that it starts in belongs to the piece before it. */
  static LineRows within(Piece piece, InputStream in) throws IOException {
    LineRows rows = new LineRows(piece, in, piece.start());
    rows.position += rows.lines.readLine(new Text());
    return rows;
  }

  @Override
  Optional<RawRow> read() throws IOException {
    Text bytes = new Text();
    while (nextLine(bytes)) {
      String text = bytes.toString();
      if (!text.isBlank()) {
        return Optional.of(new RawRow(line, 0, text, valid(bytes) ? json(text) : Optional.empty()));
      }
    }
    return Optional.empty();
  }

  /** How many lines are left. */
  long count() throws IOException {
    long before = line;
    Text bytes = new Text();
    while (nextLine(bytes)) {
      bytes.clear();
    }
    return line - before;
  }

  private boolean nextLine(Text bytes) throws IOException {
    // A line that begins where the piece ends is this piece's: the next one skips its first line.
    int read = position > end ? 0 : lines.readLine(bytes);
    position += read;
    line += read > 0 ? 1 : 0;
    return read > 0;
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
