package org.plumbline.cluster;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A piece of a buffer on its way round the ring.
 *
 * @param operation which all-reduce of the gang, from 0
 * @param step how many ranks it has come through since its first
 * @param offset where it begins, in bytes
 * @param total bytes of the whole buffer
 * @param floats this piece of it, in native byte order
 */
record Chunk(long operation, int step, int offset, int total, ByteBuffer floats) {
  private static final int HEADER = Long.BYTES + 3 * Integer.BYTES;

  /** What is between position and limit, if a ring can sum it. */
  static ByteBuffer whole(ByteBuffer floats) {
    if (!floats.isDirect() || floats.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          "Invalid buffer to all-reduce: "
              + (floats.isDirect() ? "direct" : "on the heap")
              + ", "
              + floats.order()
              + " (must be direct and of native order "
              + ByteOrder.nativeOrder()
              + ")");
    }
    if (floats.remaining() % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          "Invalid buffer to all-reduce: " + floats.remaining() + " bytes (must be whole floats)");
    }
    return floats.slice();
  }

  /** All ranks run on machines of one byte order: floats travel as they lie in memory. */
  static Chunk decode(ByteBuffer message) {
    long operation = message.getLong();
    int step = message.getInt();
    int offset = message.getInt();
    int total = message.getInt();
    ByteBuffer floats = ByteBuffer.allocate(message.remaining()).put(message).flip();
    return new Chunk(operation, step, offset, total, floats.order(ByteOrder.nativeOrder()));
  }

  /** A copy, so that the floats may change as soon as this has returned. */
  ByteBuffer encode(byte kind) {
    ByteBuffer message = ByteBuffer.allocate(1 + HEADER + floats.remaining());
    message.put(kind).putLong(operation).putInt(step).putInt(offset).putInt(total);
    return message.put(floats.duplicate()).flip();
  }

  Chunk atStep(int other) {
    return new Chunk(operation, other, offset, total, floats);
  }

  boolean isAtTheSamePlaceAs(Chunk other) {
    return operation == other.operation
        && step == other.step
        && offset == other.offset
        && total == other.total
        && floats.remaining() == other.floats.remaining();
  }

  /** Adds {@code other} to this piece, in place. */
  void add(Chunk other) {
    FloatBuffer mine = floats.asFloatBuffer();
    FloatBuffer theirs = other.floats.asFloatBuffer();
    for (int i = 0; i < mine.remaining(); i++) {
      mine.put(i, mine.get(i) + theirs.get(i));
    }
  }

  /** Overwrites this piece with {@code other}. */
  void set(Chunk other) {
    floats.duplicate().put(other.floats.duplicate());
  }

  @Override
  public String toString() {
    return String.format(
        "bytes %d to %d of %d in all-reduce %d, step %d",
        offset, offset + floats.remaining(), total, operation, step);
  }
}
