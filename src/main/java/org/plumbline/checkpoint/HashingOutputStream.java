package org.plumbline.checkpoint;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Counts and hashes a file as it is written; tells {@code finished} once it is closed. */
final class HashingOutputStream extends FilterOutputStream {
  private final String path;
  private final Consumer<Manifest.Entry> finished;
  private final MessageDigest digest = Sha256.digest();
  private long size;
  private boolean closed;

  HashingOutputStream(OutputStream out, String path, Consumer<Manifest.Entry> finished) {
    super(out);
    this.path = path;
    this.finished = finished;
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
    digest.update((byte) b);
    size++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    digest.update(bytes, offset, length);
    size += length;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    out.close(); // a file whose close fails is not a file: it must not reach the manifest
    finished.accept(new Manifest.Entry(path, size, HexFormat.of().formatHex(digest.digest())));
  }
}
