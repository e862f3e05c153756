package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScalarTest {
  @Test
  void gradientsDoNotDependOnWhenGarbageIsCollected() {
    assertThat(gradient(x -> Scalar.times(x, 0.5))).containsExactly(0.5, 0.5);
    assertThat(gradient(x -> Scalar.over(x, 4))).containsExactly(0.25, 0.25);
    assertThat(gradient(x -> Scalar.atMost(x, 2))).containsExactly(0, 1);
    assertThat(gradient(x -> Scalar.atLeast(x, 2))).containsExactly(1, 0);
  }

  /** At 3 and 1, with a collection before the way back. */
  private static double[] gradient(UnaryOperator<NDArray> function) {
    return Torch.gradient(
        x -> {
          NDArray y = function.apply(x);
          freeBuffers();
          freeBuffers(); // after the second, all that the first collection found is free
          return y;
        },
        3,
        1);
  }

  /** Frees the memory of buffers that nobody refers to. */
  private static void freeBuffers() {
    BufferPoolMXBean direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findAny()
            .orElseThrow();
    ByteBuffer.allocateDirect(1 << 24);
    long before = direct.getMemoryUsed();
    while (direct.getMemoryUsed() > before - (1 << 24)) {
      System.gc();
      Thread.onSpinWait();
    }
  }

  /** Also that of a sum, which has no dimensions. */
  @Test
  void theTypeStays() {
    try (NDManager manager = Torch.manager()) {
      NDArray floats = manager.create(new float[] {3, 1});
      assertThat(Scalar.times(floats.sum(), 0.5).getFloat()).isEqualTo(2);
      NDArray doubles = manager.create(new double[] {3, 1});
      assertThat(Scalar.times(doubles.sum(), 0.1).getDouble()).isEqualTo(4 * 0.1);
    }
  }
}
