package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;

/** The number formats that weights have in memory and in the files that are written. */
public enum WeightType {
  /** IEEE 754 binary32. */
  F32(NumberFormat.F32, "float32") {
    @Override
    void encode(float[] values, int count, ByteBuffer to) {
      to.asFloatBuffer().put(values, 0, count);
      to.position(to.position() + 4 * count);
    }

    @Override
    public NDArray zeros(NDManager manager, long size) {
      return manager.zeros(new Shape(size), DataType.FLOAT32);
    }
  },
  /** The upper half of a float32: its range, with a mantissa of 7 bits. */
  BF16(NumberFormat.BF16, "bfloat16") {
    @Override
    void encode(float[] values, int count, ByteBuffer to) {
      short[] bits = new short[count];
      for (int i = 0; i < count; i++) {
        bits[i] = upperHalf(values[i]);
      }
      to.asShortBuffer().put(bits);
      to.position(to.position() + 2 * count);
    }

    @Override
    public NDArray zeros(NDManager manager, long size) {
      return ArrayKernels.brainFloats(manager, size);
    }
  };

  private static final int BLOCK = 4096;

  private final NumberFormat format;
  private final String torchName;

  WeightType(NumberFormat format, String torchName) {
    this.format = format;
    this.torchName = torchName;
  }

  /**
   * A new flat array of zeros. DJL 0.35 has no name for bfloat16 and ends the process when asked
   * for it by its own: the data type of such an array reads {@code UNKNOWN}, but kernels and {@code
   * toType(FLOAT32, false)} take it for what it is.
   *
   * @return [size]
   */
  public abstract NDArray zeros(NDManager manager, long size);

  /**
   * The type of a flat array.
   *
   * @throws IllegalArgumentException if it is neither float32 nor bfloat16
   */
  public static WeightType of(NDArray flat) {
    DataType type = flat.getDataType();
    if (type == DataType.FLOAT32) {
      return F32;
    }
    if (type == DataType.UNKNOWN
        && ArrayKernels.scalarType(flat) == Compute.BFLOAT16.scalarType()) {
      return BF16;
    }
    throw new IllegalArgumentException(
        "Invalid data type of weights: %s (must be float32 or bfloat16)".formatted(type));
  }

  /** What {@code config.json} calls it. */
  String torchName() {
    return torchName;
  }

  NumberFormat format() {
    return format;
  }

  /**
   * Writes all numbers left in {@code from}, which are of {@code format}, to {@code to} in this
   * type, rounded to the nearest, or to the even one of two; both positions advance.
   */
  void store(NumberFormat format, ByteBuffer from, ByteBuffer to) {
    if (format == this.format) {
      format.copy(from, to);
      return;
    }
    float[] values = new float[Math.min(BLOCK, from.remaining() / format.width())];
    while (from.hasRemaining()) {
      int count = Math.min(values.length, from.remaining() / format.width());
      format.decode(from, values, count);
      from.position(from.position() + count * format.width());
      encode(values, count, to);
    }
  }

  abstract void encode(float[] values, int count, ByteBuffer to);

  private static short upperHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      // A NaN whose payload is in the lower half alone would become an infinity.
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
