package org.plumbline.feedback;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * A part of a file that one task reads: the lines that begin after {@code start}, up to the one
 * that begins at {@code end}. The first part has the first line too.
 *
 * @param start bytes before it
 * @param end bytes up to its end; more than the file has if it is read to the end
 * @param lines lines before it
 */
record Piece(SourceFile file, long start, long end, long lines) implements Serializable {
  static Piece whole(SourceFile file) {
    return new Piece(file, 0, Long.MAX_VALUE, 0);
  }

  Piece after(long linesBefore) {
    return new Piece(file, start, end, linesBefore);
  }

  boolean isWhole() {
    return start == 0 && end == Long.MAX_VALUE;
  }

  /** Cuts files of plain JSON Lines at {@code bytes}; others can only be read from the start. */
  static List<Piece> cut(SourceFile file, long bytes, Configuration configuration) {
    try {
      Path path = new Path(file.uri());
      FileSystem files = path.getFileSystem(configuration);
      long length = files.getFileStatus(path).getLen();
      boolean packed = new CompressionCodecFactory(configuration).getCodec(path) != null;
      if (length <= bytes || packed || file.isTable() || isArray(files, path)) {
        return List.of(whole(file));
      }
      List<Piece> pieces = new ArrayList<>();
      for (long start = 0; start < length; start += bytes) {
        long end = start + bytes < length ? start + bytes : Long.MAX_VALUE - 1;
        pieces.add(new Piece(file, start, end, 0));
      }
      return pieces;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file.uri() + ": " + e.getMessage(), e);
    }
  }

  private static boolean isArray(FileSystem files, Path path) throws IOException {
    try (InputStream in = RawRows.buffered(files.open(path))) {
      RawRows.skipByteOrderMark(in);
      return RawRows.firstVisible(in) == '[';
    }
  }
}
