package org.plumbline.cluster;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A piece of a buffer on its way round the ring.
 *
 * @param floats this piece of it, in native byte order
 * @param wire how it goes on to the next rank
 */
record Chunk(Place place, ByteBuffer floats, Wire wire) {
  /** Most bytes of one. */
  static final int BYTES = 1 << 20;

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

  Chunk atStep(int other) {
    return new Chunk(place.atStep(other), floats, wire);
  }

  /** Copies it into {@code message} as it travels. */
  void write(ByteBuffer message) {
    wire.write(floats.asFloatBuffer(), message);
  }
}
