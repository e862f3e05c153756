package org.plumbline.checkpoint;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Fails at the end of a file whose bytes are not those of the manifest. Closing it early reads the
 * rest first, so that nobody goes on with bytes that nothing vouches for.
 */
final class VerifyingInputStream extends FilterInputStream {
  private final String folder;
  private final Manifest.Entry entry;
  private final MessageDigest digest = Sha256.digest();
  private long size;
  private boolean judged;
  private boolean closed;

  VerifyingInputStream(InputStream in, String folder, Manifest.Entry entry) {
    super(in);
    this.folder = folder;
    this.entry = entry;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = in.read(bytes, offset, length);
    if (count < 0) {
      judge();
    } else {
      digest.update(bytes, offset, count);
      size += count;
    }
    return count;
  }

  @Override
  public long skip(long n) throws IOException {
    // What is skipped is hashed too, so it has to be read.
    byte[] skipped = new byte[(int) Math.min(Math.max(n, 0), 1 << 16)];
    int count = read(skipped, 0, skipped.length);
    return Math.max(count, 0);
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (InputStream closing = in) {
      byte[] rest = new byte[1 << 16];
      while (!judged && read(rest, 0, rest.length) >= 0) {
        // reading is all there is to do
      }
    }
  }

  private void judge() throws IOException {
    if (judged) {
      return;
    }
    judged = true;
    String sha256 = HexFormat.of().formatHex(digest.digest());
    if (size != entry.size() || !sha256.equals(entry.sha256())) {
      throw new IOException(
          String.format(
              "Cannot read %s of checkpoint %s: its %d bytes have SHA-256 %s (the manifest says %d"
                  + " bytes and %s)",
              entry.path(), folder, size, sha256, entry.size(), entry.sha256()));
    }
  }
}
