package org.plumbline.checkpoint;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/**
 * Says which file it was when writing fails: a full disk does not, and Hadoop's local file system
 * makes an {@link Error} of it.
 */
final class NamedOutputStream extends FilterOutputStream {
  private final String path;
  private final Path folder;

  NamedOutputStream(OutputStream out, String path, Path folder) {
    super(out);
    this.path = path;
    this.folder = folder;
  }

  private interface Deed {
    void run() throws IOException;
  }

  private void named(Deed deed) throws IOException {
    try {
      deed.run();
    } catch (IOException e) {
      throw failure(path, folder, e.getMessage(), e);
    } catch (FSError e) {
      throw failure(path, folder, e.getCause().getMessage(), e);
    }
  }

  static IOException failure(String path, Path folder, String reason, Throwable cause) {
    return new IOException(
        "Cannot write " + path + " of checkpoint " + folder + ": " + reason, cause);
  }

  @Override
  public void write(int b) throws IOException {
    named(() -> out.write(b));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    named(() -> out.write(bytes, offset, length));
  }

  @Override
  public void flush() throws IOException {
    named(out::flush);
  }

  @Override
  public void close() throws IOException {
    named(out::close);
  }
}
