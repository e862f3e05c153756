package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlatMemoryTest {
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  private static List<Float> floats(List<ByteBuffer> parts) {
    List<Float> values = new ArrayList<>();
    for (ByteBuffer part : parts) {
      while (part.hasRemaining()) {
        values.add(part.getFloat());
      }
    }
    return values;
  }

  @Test
  void partsEndWhereAWindowDoes() {
    FlatMemory memory = new FlatMemory(manager.arange(10f), 4);
    assertThat(floats(memory.parts(0, 10))).isEqualTo(floats(memory.parts(0, 10))).hasSize(10);
    assertThat(memory.parts(3, 6)).extracting(ByteBuffer::remaining).containsExactly(4, 16, 4);
    assertThat(floats(memory.parts(3, 6))).containsExactly(3f, 4f, 5f, 6f, 7f, 8f);
    assertThat(floats(memory.parts(4, 4))).containsExactly(4f, 5f, 6f, 7f);
    assertThat(memory.parts(4, 0)).isEmpty();
  }

  @Test
  void numbersCrossWindowsAndTheArraySeesThem() {
    NDArray flat = manager.zeros(new Shape(10), DataType.FLOAT32);
    ByteBuffer halves = ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits : new int[] {0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600, 0x4700}) {
      halves.putShort((short) bits);
    }
    new FlatMemory(flat, 3).store(2, NumberFormat.F16, halves.flip());
    assertThat(halves.hasRemaining()).isFalse();
    assertThat(flat.toFloatArray()).containsExactly(0, 0, 1, 2, 3, 4, 5, 6, 7, 0);
  }

  /** A view in the manager of the array would throw. */
  @Test
  void theManagerMayBeCapped() {
    NDArray flat = manager.zeros(new Shape(5), DataType.FLOAT32);
    manager.cap();
    FlatMemory memory = new FlatMemory(flat, 2);
    memory.parts(4, 1).get(0).putFloat(7);
    assertThat(flat.toFloatArray()).containsExactly(0, 0, 0, 0, 7);
    assertThat(manager.getManagedArrays()).hasSize(1);
  }
}
