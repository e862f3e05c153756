package org.plumbline.model;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** An open safetensors file, whose header has been checked. Its tensors can be read once. */
final class SafetensorsReader implements Closeable {
  private static final int CHUNK = 1 << 20;

  private final ByteSource source;
  private final List<TensorEntry> entries;

  /** Takes the numbers of a tensor, a chunk after another. */
  interface Sink {
    /**
     * The next numbers, little-endian.
     *
     * @param offset elements before them
     */
    void put(long offset, ByteBuffer bytes);
  }

  private SafetensorsReader(ByteSource source, List<TensorEntry> entries) {
    this.source = source;
    this.entries = entries;
  }

  /**
   * Reads the header of {@code source}, and owns it from then on.
   *
   * @param where named in errors
   */
  static SafetensorsReader open(ByteSource source, String where) throws IOException {
    try {
      return new SafetensorsReader(source, SafetensorsHeader.read(source, where));
    } catch (IOException | RuntimeException e) {
      try (source) {
        throw e;
      }
    }
  }

  /** What is in it, in the order of the file. */
  List<TensorEntry> entries() {
    return entries;
  }

  /** Reads the tensors that have a sink by their name, and passes over the others. */
  void read(Map<String, Sink> sinks) throws IOException {
    for (TensorEntry entry : entries) {
      Sink sink = sinks.get(entry.name());
      if (sink == null) {
        source.skip(entry.size());
      } else {
        read(entry, sink);
      }
    }
  }

  private void read(TensorEntry entry, Sink sink) throws IOException {
    long left = entry.size();
    long width = left == 0 ? 1 : left / entry.elements();
    while (left > 0) {
      int count = (int) Math.min(CHUNK, left);
      sink.put((entry.size() - left) / width, source.next(count));
      left -= count;
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
