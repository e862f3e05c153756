package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of a flat array of any size. Java's buffers end at 2 GiB, so it is seen through
 * several. It must not be used once the array is closed.
 */
final class FlatMemory {
  private static final long WINDOW = 1L << 28;

  private final WeightType type;
  private final long window;
  private final List<ByteBuffer> windows = new ArrayList<>();

  /** The memory of {@code flat}, whose manager may be capped. */
  FlatMemory(NDArray flat) {
    this(flat, WINDOW);
  }

  FlatMemory(NDArray flat, long window) {
    this.type = WeightType.of(flat);
    this.window = window;
    for (long from = 0; from < flat.size(); from += window) {
      windows.add(view(flat, from, Math.min(from + window, flat.size())));
    }
  }

  /** Elements {@code from} to {@code to} of {@code flat}, below 2 GiB; the array sees writes. */
  static ByteBuffer view(NDArray flat, long from, long to) {
    if (!Devices.isHost(flat)) {
      throw new IllegalArgumentException(
          "Cannot reach the memory of an array on %s: it must be on the CPU"
              .formatted(flat.getManager().getDevice()));
    }
    // A view joins a manager, and that of the array may be capped.
    try (NDManager scope = Devices.host();
        NDArray view = flat.get(scope, new NDIndex(from + ":" + to))) {
      return view.toByteBuffer(true).order(ByteOrder.nativeOrder());
    }
  }

  /** The type of the array. */
  WeightType type() {
    return type;
  }

  /**
   * Elements {@code from} to {@code from + count}, as one buffer after another; the array sees
   * writes.
   */
  List<ByteBuffer> parts(long from, long count) {
    int width = type.format().width();
    List<ByteBuffer> parts = new ArrayList<>();
    long at = from;
    while (at < from + count) {
      ByteBuffer whole = windows.get(Math.toIntExact(at / window));
      int begin = (int) (at % window) * width;
      int bytes = (int) Math.min(whole.capacity() - begin, (from + count - at) * width);
      parts.add(whole.slice(begin, bytes).order(ByteOrder.nativeOrder()));
      at += bytes / width;
    }
    return parts;
  }

  /** Puts numbers of {@code format} in the places from element {@code at} on. */
  void store(long at, NumberFormat format, ByteBuffer bytes) {
    for (ByteBuffer part : parts(at, bytes.remaining() / format.width())) {
      int size = part.remaining() / type.format().width() * format.width();
      ByteBuffer share = bytes.slice(bytes.position(), size).order(bytes.order());
      type.store(format, share, part);
      bytes.position(bytes.position() + size);
    }
  }
}
