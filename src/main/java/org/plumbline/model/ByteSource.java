package org.plumbline.model;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that is read from its beginning to its end. */
sealed interface ByteSource extends Closeable permits MappedFile, StreamedFile {
  /** Bytes of the whole file. */
  long length();

  /**
   * The next {@code count} bytes, in little-endian order. They must be used before the next call.
   *
   * @throws java.io.EOFException if the file ends before
   */
  ByteBuffer next(int count) throws IOException;

  /**
   * Passes over {@code count} bytes.
   *
   * @throws java.io.EOFException if the file ends before
   */
  void skip(long count) throws IOException;
}
