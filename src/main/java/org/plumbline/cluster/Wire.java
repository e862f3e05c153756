package org.plumbline.cluster;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Locale;

/** How the values of a sum travel between ranks. They are added in float32 whatever it is. */
public enum Wire {
  /** As they are. */
  FLOAT32(Float.BYTES) {
    @Override
    void write(FloatBuffer values, ByteBuffer message) {
      int end = message.position() + values.remaining() * Float.BYTES;
      message.asFloatBuffer().put(values);
      message.position(end);
    }

    @Override
    void read(ByteBuffer message, float[] values, int count) {
      message.asFloatBuffer().get(values, 0, count);
      message.position(message.position() + count * Float.BYTES);
    }
  },

  /**
   * Rounded to the nearest bfloat16, ties to even: half the bytes, for a relative error of up to
   * 1/256 each time that a partial sum is handed on.
   */
  BFLOAT16(Short.BYTES) {
    @Override
    void write(FloatBuffer values, ByteBuffer message) {
      int count = values.remaining();
      ShortBuffer rounded = message.asShortBuffer();
      for (int i = 0; i < count; i++) {
        rounded.put(i, upperHalf(values.get(values.position() + i)));
      }
      message.position(message.position() + count * Short.BYTES);
    }

    @Override
    void read(ByteBuffer message, float[] values, int count) {
      ShortBuffer halves = message.asShortBuffer();
      for (int i = 0; i < count; i++) {
        values[i] = Float.intBitsToFloat(halves.get(i) << 16);
      }
      message.position(message.position() + count * Short.BYTES);
    }

    @Override
    void round(ByteBuffer floats) {
      FloatBuffer values = floats.asFloatBuffer();
      for (int i = 0; i < values.limit(); i++) {
        values.put(i, Float.intBitsToFloat(upperHalf(values.get(i)) << 16));
      }
    }
  };

  private final int bytes;

  Wire(int bytes) {
    this.bytes = bytes;
  }

  /** The way called {@code float32} or {@code bfloat16}. */
  public static Wire named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** Bytes of one value. */
  int bytes() {
    return bytes;
  }

  /** Appends all of {@code values} to {@code message}, which is of native byte order. */
  abstract void write(FloatBuffer values, ByteBuffer message);

  /** Takes {@code count} values from {@code message}, which is of native byte order. */
  abstract void read(ByteBuffer message, float[] values, int count);

  /** Replaces values by what would arrive of them. */
  void round(ByteBuffer floats) {
    // what arrives is what was sent
  }

  private static short upperHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0x7fffffff) > 0x7f800000) {
      return (short) (bits >>> 16 | 0x40); // one whose low bits alone say NaN must not get infinite
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  static ByteBuffer inNativeOrder(ByteBuffer bytes) {
    return bytes.order(ByteOrder.nativeOrder());
  }
}
