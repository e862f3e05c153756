package org.plumbline.model;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A file on any file system, through a stream, which may verify what it reads. */
final class StreamedFile implements ByteSource {
  private final InputStream in;
  private final long length;
  private final String where;
  private byte[] chunk = {};

  /**
   * Reads {@code in}.
   *
   * @param length bytes of the file
   * @param where named in errors
   */
  StreamedFile(InputStream in, long length, String where) {
    this.in = in;
    this.length = length;
    this.where = where;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public ByteBuffer next(int count) throws IOException {
    if (chunk.length < count) {
      chunk = new byte[count];
    }
    int read = in.readNBytes(chunk, 0, count);
    if (read < count) {
      throw new EOFException(
          "Cannot read %s: it ends %d bytes early".formatted(where, count - read));
    }
    return ByteBuffer.wrap(chunk, 0, count).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void skip(long count) throws IOException {
    try {
      in.skipNBytes(count);
    } catch (EOFException e) {
      throw new EOFException("Cannot read " + where + ": it ends early");
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
