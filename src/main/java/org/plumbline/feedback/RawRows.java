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
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * The rows of one file, in order, holding one in memory at a time: JSON a line, or the elements of
 * one JSON array. Which of the two shows in the first character. Compression shows in the name.
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

  static RawRows open(String uri, Configuration configuration) {
    try {
      Path path = new Path(uri);
      InputStream in = path.getFileSystem(configuration).open(path);
      CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(path);
      in = new BufferedInputStream(codec == null ? in : codec.createInputStream(in), 1 << 16);
      skipByteOrderMark(in);
      return firstVisible(in) == '[' ? new ArrayRows(uri, in) : new LineRows(uri, in);
    } catch (IOException e) {
      throw unreadable(uri, e);
    }
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

  private static void skipByteOrderMark(InputStream in) throws IOException {
    in.mark(3);
    if (in.read() != 0xEF || in.read() != 0xBB || in.read() != 0xBF) {
      in.reset();
    }
  }

  /** Looks ahead without consuming; white space longer than the buffer counts as lines. */
  private static int firstVisible(InputStream in) throws IOException {
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
