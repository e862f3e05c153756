package org.plumbline.feedback;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * The rows of one file, in order, holding one in memory at a time: JSON a line, the elements of one
 * JSON array, or a table of text cells. Which of the first two shows in the first character, tables
 * and compression show in the name.
 */
abstract class RawRows implements Iterator<RawRow>, Closeable {
  /** A key given twice would silently lose one of its values: such rows are refused. */
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String uri;
  private Optional<RawRow> next = Optional.empty();
  private boolean finished;

  RawRows(String uri) {
    this.uri = uri;
  }

  /**
   * The rows of {@code piece}.
   *
   * @param table whether the file holds a table of text cells
   */
  static RawRows open(Piece piece, boolean table, Configuration configuration) {
    SourceFile file = piece.file();
    try {
      Path path = new Path(file.uri());
      FSDataInputStream data = path.getFileSystem(configuration).open(path);
      if (piece.start() > 0) {
        data.seek(piece.start());
        return LineRows.within(piece, buffered(data));
      }
      CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(path);
      InputStream in = buffered(codec == null ? data : codec.createInputStream(data));
      long position = skipByteOrderMark(in);
      if (table) {
        return new CsvRows(file, in);
      }
      return piece.isWhole() && firstVisible(in) == '['
          ? new ArrayRows(file.uri(), in)
          : LineRows.first(piece, in, position);
    } catch (IOException e) {
      throw unreadable(file.uri(), e);
    }
  }

  static InputStream buffered(InputStream in) {
    return new BufferedInputStream(in, 1 << 16);
  }

  /** The next row, or empty at the end. */
  abstract Optional<RawRow> read() throws IOException;

  @Override
  public boolean hasNext() {
    if (next.isEmpty() && !finished) {
      try {
        next = read();
      } catch (IOException e) {
        throw unreadable(uri, e);
      }
      finished = next.isEmpty();
    }
    return next.isPresent();
  }

  @Override
  public RawRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No more rows in " + uri);
    }
    RawRow row = next.get();
    next = Optional.empty();
    return row;
  }

  /** Bytes that were skipped: 3 or none. */
  static long skipByteOrderMark(InputStream in) throws IOException {
    in.mark(3);
    if (in.read() != 0xEF || in.read() != 0xBB || in.read() != 0xBF) {
      in.reset();
      return 0;
    }
    return 3;
  }

  /** Looks ahead without consuming; white space longer than the buffer counts as lines. */
  static int firstVisible(InputStream in) throws IOException {
    int limit = 1 << 12;
    in.mark(limit);
    int c = in.read();
    for (int i = 1; i < limit && Character.isWhitespace(c); i++) {
      c = in.read();
    }
    in.reset();
    return c;
  }

  private static UncheckedIOException unreadable(String uri, IOException e) {
    return new UncheckedIOException("Cannot read " + uri + ": " + e.getMessage(), e);
  }
}
