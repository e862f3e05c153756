package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Flat arrays as files and the network between executors take them: on the CPU their own memory, of
 * arrays elsewhere copies, which are gone when this is closed.
 */
public final class HostMemory implements AutoCloseable {
  private final NDManager scope = Devices.host();
  private final List<Copy> copies = new ArrayList<>();

  private record Copy(NDArray array, NDArray host) {}

  /** {@code array}, or a copy of it on the CPU. */
  public NDArray array(NDArray array) {
    if (Devices.isHost(array)) {
      return array;
    }
    NDArray host = Devices.copy(array, scope);
    copies.add(new Copy(array, host));
    return host;
  }

  /** The memory of {@code part} of {@code flat}, below 2 GiB, or of a copy of that. */
  public ByteBuffer of(Slice part, NDArray flat) {
    if (part.size() == 0) {
      return ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());
    }
    if (Devices.isHost(flat)) {
      return FlatMemory.view(flat, part.from(), part.to());
    }
    NDManager elsewhere = scope.newSubManager(flat.getManager().getDevice());
    NDArray host = array(part.of(flat, elsewhere));
    return FlatMemory.view(host, 0, part.size());
  }

  /** Gives arrays that are elsewhere the numbers that their copies have now. */
  public void putBack() {
    copies.forEach(copy -> ArrayKernels.copy(copy.host, copy.array));
  }

  @Override
  public void close() {
    scope.close();
  }
}
