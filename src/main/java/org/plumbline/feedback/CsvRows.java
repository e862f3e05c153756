package org.plumbline.feedback;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The rows of a table of text cells, whose first row names the columns. A cell is text, or missing
 * if nothing stands in it. Cells in quotes may go over several lines.
 */
final class CsvRows extends RawRows {
  private static final String CELLS =
      MalformedRow.invalid("row", "another number of cells", "as many cells as the first row")
          .getMessage();

  private final CsvParser parser;
  private final InputStream in;
  private final String[] header;

  CsvRows(SourceFile file, InputStream in) {
    super(file.uri());
    this.in = in;
    CsvParserSettings settings = new CsvParserSettings();
    settings.getFormat().setDelimiter(file.delimiter());
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setCommentProcessingEnabled(false); // a cell that begins with # is a cell
    settings.setMaxCharsPerColumn(-1);
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    this.parser = new CsvParser(settings);
    parser.beginParsing(new InputStreamReader(in, StandardCharsets.UTF_8));
    String[] first = parser.parseNext();
    this.header = first == null ? new String[0] : first;
  }

  @Override
  Optional<RawRow> read() throws IOException {
    long line = parser.getContext().currentLine() + 1;
    try {
      String[] cells = parser.parseNext();
      return cells == null ? Optional.empty() : Optional.of(row(line, cells));
    } catch (TextParsingException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private RawRow row(long line, String[] cells) {
    ObjectNode row = JSON.createObjectNode();
    for (int i = 0; i < cells.length; i++) {
      if (cells[i] != null) {
        row.put(i < header.length ? header[i] : "cell " + (i + 1), cells[i]);
      }
    }
    return cells.length == header.length
        ? new RawRow(line, 0, row.toString(), Optional.of(row))
        : new RawRow(line, 0, row.toString(), Optional.empty(), Optional.of(CELLS));
  }

  @Override
  public void close() throws IOException {
    parser.stopParsing();
    in.close();
  }
}
