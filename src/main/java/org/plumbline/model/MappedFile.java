package org.plumbline.model;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import org.apache.hadoop.util.CleanerUtil;

/**
 * A local file, mapped piece by piece. A piece is given back as soon as the next one is needed:
 * resource managers count mapped pages as memory of the process.
 */
final class MappedFile implements ByteSource {
  private static final long PIECE = 1L << 28;

  private final Path path;
  private final FileChannel channel;
  private final long length;
  private final long piece;
  private long position;
  private MappedByteBuffer mapped;

  MappedFile(Path path) throws IOException {
    this(path, PIECE);
  }

  /**
   * Opens {@code path}.
   *
   * @param piece bytes mapped at a time, if not more are asked for; below 2 GiB
   */
  MappedFile(Path path, long piece) throws IOException {
    this.path = path;
    this.piece = piece;
    this.channel = FileChannel.open(path);
    this.length = channel.size();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public ByteBuffer next(int count) throws IOException {
    require(count);
    if (mapped == null || mapped.remaining() < count) {
      unmap();
      long size = Math.min(Math.max(piece, count), length - position);
      mapped = channel.map(MapMode.READ_ONLY, position, size);
    }
    ByteBuffer bytes = mapped.slice(mapped.position(), count).order(ByteOrder.LITTLE_ENDIAN);
    mapped.position(mapped.position() + count);
    position += count;
    return bytes;
  }

  @Override
  public void skip(long count) throws IOException {
    require(count);
    if (mapped != null && count <= mapped.remaining()) {
      mapped.position(mapped.position() + (int) count);
    } else {
      unmap();
    }
    position += count;
  }

  private void require(long count) throws EOFException {
    if (count > length - position) {
      throw new EOFException(
          "Cannot read %s: it ends %d bytes early".formatted(path, count - (length - position)));
    }
  }

  private void unmap() throws IOException {
    if (mapped != null && CleanerUtil.UNMAP_SUPPORTED) {
      CleanerUtil.getCleaner().freeBuffer(mapped);
    }
    mapped = null;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      unmap();
    }
  }
}
