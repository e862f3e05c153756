package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Conversions between number formats are those of PyTorch, bit by bit. */
class WeightTypeTest {
  private static final int ALL = 1 << 16;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  /** Every pattern of 16 bits. */
  private static ByteBuffer patterns() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(2 * ALL).order(ByteOrder.nativeOrder());
    for (int i = 0; i < ALL; i++) {
      bytes.putShort((short) i);
    }
    return bytes.flip();
  }

  private static float[] decoded(NumberFormat format) {
    float[] values = new float[ALL];
    format.decode(patterns(), values, ALL);
    return values;
  }

  @Test
  void halves() {
    NDArray halves = manager.create(patterns(), new Shape(ALL), DataType.FLOAT16);
    float[] expected = halves.toType(DataType.FLOAT32, false).toFloatArray();
    assertThat(expected[0x3c00]).isEqualTo(1);
    // Arrays are compared by Float.equals: a NaN equals a NaN, and 0 is not -0.
    assertThat(decoded(NumberFormat.F16)).isEqualTo(expected);
  }

  @Test
  void brainFloats() {
    NDArray brain = WeightType.BF16.zeros(manager, ALL);
    FlatMemory.view(brain, 0, ALL).put(patterns());
    float[] expected = brain.toType(DataType.FLOAT32, false).toFloatArray();
    assertThat(expected[0x3f80]).isEqualTo(1);
    assertThat(decoded(NumberFormat.BF16)).isEqualTo(expected);
  }

  private static int[] rounded(float[] values) {
    ByteBuffer from = ByteBuffer.allocate(4 * values.length);
    from.asFloatBuffer().put(values);
    ByteBuffer to = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    WeightType.BF16.store(NumberFormat.F32, from, to);
    assertThat(from.hasRemaining()).isFalse();
    assertThat(to.hasRemaining()).isFalse();
    return unsigned(to.flip(), values.length);
  }

  private static int[] unsigned(ByteBuffer shorts, int count) {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = shorts.getShort(2 * i) & 0xffff;
    }
    return values;
  }

  @Test
  void roundsToTheNearestAndTiesToEven() {
    float[] values = new float[5 * ALL];
    Random random = new Random(1);
    for (int i = 0; i < ALL; i++) {
      // as it is, a tie, either side of one, and anything between
      int[] lower = {0, 0x8000, 0x7fff, 0x8001, random.nextInt(ALL)};
      for (int j = 0; j < lower.length; j++) {
        values[lower.length * i + j] = Float.intBitsToFloat(i << 16 | lower[j]);
      }
    }
    NDArray brain = WeightType.BF16.zeros(manager, values.length);
    brain.set(new NDIndex(":"), manager.create(values));
    int[] expected = unsigned(FlatMemory.view(brain, 0, values.length), values.length);
    int[] rounded = rounded(values);
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        assertThat(Float.intBitsToFloat(rounded[i] << 16)).isNaN();
      } else if (rounded[i] != expected[i]) {
        assertThat(rounded[i]).as("%a", values[i]).isEqualTo(expected[i]);
      }
    }
  }

  /** A NaN, the largest number, halfway between two numbers, and the smallest above that. */
  @Test
  void roundsByHand() {
    int[] bits = {0x7f800001, 0xffffffff, 0x7f7fffff, 0x3f808000, 0x3f808001, 0x3f818000};
    float[] values = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Float.intBitsToFloat(bits[i]);
    }
    assertThat(rounded(values)).containsExactly(0x7fc0, 0xffff, 0x7f80, 0x3f80, 0x3f81, 0x3f82);
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void anArrayTellsItsType(WeightType type) {
    NDArray zeros = type.zeros(manager, 3);
    assertThat(WeightType.of(zeros)).isEqualTo(type);
    assertThat(zeros.getManager()).isSameAs(manager);
    assertThat(zeros.getShape()).isEqualTo(new Shape(3));
    assertThat(zeros.toType(DataType.FLOAT32, true).toFloatArray()).containsExactly(0, 0, 0);
    zeros.setRequiresGradient(true);
    assertThat(zeros.hasGradient()).isTrue();
  }

  @Test
  void otherArraysAreNoWeights() {
    NDArray whole = manager.zeros(new Shape(3), DataType.INT64);
    assertThatThrownBy(() -> WeightType.of(whole))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid data type of weights: int64 (must be float32 or bfloat16)");
  }
}
