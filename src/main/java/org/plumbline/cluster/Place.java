package org.plumbline.cluster;

import java.nio.ByteBuffer;

/**
 * Where a chunk is on its way round the ring; what is said before its floats.
 *
 * @param operation which operation of the gang, from 0
 * @param step how many ranks it has come through since its first
 * @param segment which of the ring's segments it is of
 * @param offset where it begins in it, in bytes of float32
 * @param length how much of it, in bytes of float32
 * @param total bytes of the whole segment
 */
record Place(long operation, int step, int segment, int offset, int length, int total) {
  private static final int BYTES = Long.BYTES + 5 * Integer.BYTES;

  static Place decode(ByteBuffer header) {
    return new Place(
        header.getLong(),
        header.getInt(),
        header.getInt(),
        header.getInt(),
        header.getInt(),
        header.getInt());
  }

  ByteBuffer encode() {
    return ByteBuffer.allocate(BYTES)
        .putLong(operation)
        .putInt(step)
        .putInt(segment)
        .putInt(offset)
        .putInt(length)
        .putInt(total)
        .flip();
  }

  Place atStep(int other) {
    return new Place(operation, other, segment, offset, length, total);
  }

  @Override
  public String toString() {
    return String.format(
        "bytes %d to %d of %d of segment %d in operation %d, step %d",
        offset, offset + length, total, segment, operation, step);
  }
}
