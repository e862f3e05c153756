package org.plumbline.cluster;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Takes the bytes of a chunk as they come, in pieces of any size, to where its floats are. */
final class Landing {
  private static final int AT_A_TIME = 2048; // two arrays of it stay in the first-level cache

  private final float[] came = new float[AT_A_TIME];
  private final float[] sums = new float[AT_A_TIME];
  private final ByteBuffer split = Wire.inNativeOrder(ByteBuffer.allocate(Float.BYTES));
  private FloatBuffer here;
  private Wire wire;
  private boolean adds;

  /** Begins with {@code chunk}: to add to it, or else to overwrite it. */
  void begin(Chunk chunk, boolean addsToIt) {
    here = chunk.floats().asFloatBuffer();
    wire = chunk.wire();
    adds = addsToIt;
    split.clear().limit(wire.bytes());
  }

  void take(ByteBuffer piece) {
    Wire.inNativeOrder(piece);
    while (split.position() > 0 && piece.hasRemaining()) {
      completeSplit(piece.get());
    }
    land(piece, piece.remaining() / wire.bytes());
    while (piece.hasRemaining()) {
      completeSplit(piece.get());
    }
  }

  /** Pieces end anywhere, also within a value. */
  private void completeSplit(byte next) {
    if (!split.put(next).hasRemaining()) {
      land(split.flip(), 1);
      split.clear().limit(wire.bytes());
    }
  }

  private void land(ByteBuffer piece, int count) {
    for (int left = count; left > 0; left -= AT_A_TIME) {
      int now = Math.min(left, AT_A_TIME);
      wire.read(piece, came, now);
      if (adds) {
        add(now);
      } else {
        here.put(came, 0, now);
      }
    }
  }

  private void add(int count) {
    // Through arrays, because loops over these are the ones that are compiled to vectors whatever
    // kinds of buffers come.
    here.get(here.position(), sums, 0, count);
    for (int i = 0; i < count; i++) {
      sums[i] += came[i];
    }
    here.put(sums, 0, count);
  }
}
