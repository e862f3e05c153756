package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where each parameter lies in a flat array. */
final class Layout {
  /** A parameter and its place: elements {@code offset} to {@code offset + size} of the array. */
  record Slot(Parameter parameter, long offset) {
    /** This parameter's part of an array that is laid out so; writes are seen by the array. */
    ByteBuffer bytes(NDArray flat) {
      try (NDArray view = flat.get(offset + ":" + (offset + parameter.size()))) {
        return view.toByteBuffer(true).order(ByteOrder.nativeOrder());
      }
    }
  }

  private final List<Block> blocks;
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final long size;

  /** All weights: the architecture's blocks, then the head's. */
  Layout(Architecture architecture, Head head) {
    this(withHead(architecture, head));
  }

  Layout(List<Block> blocks) {
    this.blocks = blocks;
    long offset = 0;
    for (Block block : blocks) {
      for (Parameter parameter : block.parameters()) {
        slots.put(parameter.name(), new Slot(parameter, offset));
        offset += parameter.size();
      }
    }
    size = offset;
  }

  private static List<Block> withHead(Architecture architecture, Head head) {
    List<Block> blocks = new ArrayList<>(architecture.blocks());
    blocks.addAll(head.blocks(architecture.shape().hidden()));
    return blocks;
  }

  List<Block> blocks() {
    return blocks;
  }

  /** Slots by name, in the order of the array. */
  Map<String, Slot> slots() {
    return slots;
  }

  /** Elements in all. */
  long size() {
    return size;
  }
}
