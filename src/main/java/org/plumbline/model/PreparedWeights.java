package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/**
 * A model's weights as generation takes them. Packed, matrices are laid out anew for the CPU's
 * instructions: a second copy of them, and several times faster where several rows meet a matrix.
 * For one row it makes no difference.
 */
final class PreparedWeights implements AutoCloseable {
  /** As many rows make the time it takes to pack worth while. */
  private static final int ROWS = 5;

  /** A copy of more bytes than this could be the one that does not fit. */
  private static final long BYTES = 4L << 30;

  private final NDManager manager;
  private final NDList blocks;

  private PreparedWeights(NDManager manager, NDList blocks) {
    this.manager = manager;
    this.blocks = blocks;
    manager.cap();
  }

  /**
   * The weights in {@code flat}, packed or not, with what adapters add to them that are on; views
   * are taken where possible.
   */
  static PreparedWeights of(Decoder decoder, NDArray flat, boolean pack) {
    NDManager manager = decoder.scope();
    try {
      NDList blocks = decoder.call("prepare", flat, manager).number(pack ? 1 : 0).run();
      return new PreparedWeights(manager, blocks);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** Whether {@code decoder}'s weights are to be packed for {@code rows} side by side. */
  static boolean worthPacking(Decoder decoder, int rows) {
    return Devices.isCpu(decoder.device()) && rows >= ROWS && decoder.size() * Float.BYTES <= BYTES;
  }

  NDList blocks() {
    return blocks;
  }

  @Override
  public void close() {
    manager.close();
  }
}
