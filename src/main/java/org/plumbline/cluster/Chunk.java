package org.plumbline.cluster;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A piece of a buffer on its way round the ring.
 *
 * @param operation which operation of the gang, from 0
 * @param step how many ranks it has come through since its first
 * @param segment which of the ring's segments it is of
 * @param offset where it begins in it, in bytes
 * @param total bytes of the whole segment
 * @param floats this piece of it, in native byte order
 */
record Chunk(long operation, int step, int segment, int offset, int total, ByteBuffer floats) {
  private static final int HEADER = Long.BYTES + 4 * Integer.BYTES;

  /** What is between position and limit, if a ring can sum it. */
  static ByteBuffer whole(ByteBuffer floats) {
    if (!floats.isDirect() || floats.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          "Invalid buffer of a gang: "
              + (floats.isDirect() ? "direct" : "on the heap")
              + ", "
              + floats.order()
              + " (must be direct and of native order "
              + ByteOrder.nativeOrder()
              + ")");
    }
    if (floats.remaining() % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          "Invalid buffer of a gang: " + floats.remaining() + " bytes (must be whole floats)");
    }
    return floats.slice();
  }

  /** The segments of a buffer, one for each of {@code world} ranks, if a ring can sum them. */
  static List<ByteBuffer> segments(List<ByteBuffer> segments, int world) {
    if (segments.size() != world) {
      throw new IllegalArgumentException(
          "Invalid segments: " + segments.size() + " (must be " + world + ", one for each rank)");
    }
    return segments.stream().map(Chunk::whole).toList();
  }

  /** All ranks run on machines of one byte order: floats travel as they lie in memory. */
  static Chunk decode(ByteBuffer message) {
    long operation = message.getLong();
    int step = message.getInt();
    int segment = message.getInt();
    int offset = message.getInt();
    int total = message.getInt();
    ByteBuffer floats = ByteBuffer.allocate(message.remaining()).put(message).flip();
    return new Chunk(
        operation, step, segment, offset, total, floats.order(ByteOrder.nativeOrder()));
  }

  /** A copy, so that the floats may change as soon as this has returned. */
  ByteBuffer encode(byte kind) {
    ByteBuffer message = ByteBuffer.allocate(1 + HEADER + floats.remaining());
    message.put(kind).putLong(operation).putInt(step).putInt(segment).putInt(offset).putInt(total);
    return message.put(floats.duplicate()).flip();
  }

  Chunk atStep(int other) {
    return new Chunk(operation, other, segment, offset, total, floats);
  }

  boolean isAtTheSamePlaceAs(Chunk other) {
    return operation == other.operation
        && step == other.step
        && segment == other.segment
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
        "bytes %d to %d of %d of segment %d in operation %d, step %d",
        offset, offset + floats.remaining(), total, segment, operation, step);
  }
}
