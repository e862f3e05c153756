package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each parameter lies in a flat array. Under a score head an untied language-model head has
 * no place.
 */
final class Layout {
  /** The language-model head's weights, where they are not those of the embedding. */
  static final String LM_HEAD = "lm_head.weight";

  /** A parameter and its place: elements {@code offset} to {@code offset + size} of the array. */
  record Slot(Parameter parameter, long offset) {
    /**
     * This parameter's part of an array that is laid out so, where it is below 2 GiB; writes are
     * seen by the array, whose manager may be capped.
     */
    ByteBuffer bytes(NDArray flat) {
      return FlatMemory.view(flat, offset, offset + parameter.size());
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
    if (head.replacesLmHead()) {
      blocks.replaceAll(block -> isLmHead(block) ? Block.NONE : block);
    }
    blocks.addAll(head.blocks(architecture.shape().hidden()));
    return blocks;
  }

  private static boolean isLmHead(Block block) {
    return block.parameters().stream().anyMatch(parameter -> parameter.name().equals(LM_HEAD));
  }

  List<Block> blocks() {
    return blocks;
  }

  /** Slots by name, in the order of the array. */
  Map<String, Slot> slots() {
    return slots;
  }

  /** Slots of the parameters that lie in {@code slice} as a whole. */
  List<Slot> within(Slice slice) {
    return slots.values().stream()
        .filter(slot -> slot.offset() >= slice.from())
        .filter(slot -> slot.offset() + slot.parameter().size() <= slice.to())
        .toList();
  }

  /** Elements in all. */
  long size() {
    return size;
  }
}
