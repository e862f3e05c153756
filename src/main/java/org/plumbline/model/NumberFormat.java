package org.plumbline.model;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The number formats in which weights may come; each value of them is exact in float32. */
enum NumberFormat {
  F32(4) {
    @Override
    void decode(ByteBuffer bytes, float[] values, int count) {
      bytes.asFloatBuffer().get(values, 0, count);
    }
  },
  /** The upper half of a float32. */
  BF16(2) {
    @Override
    void decode(ByteBuffer bytes, float[] values, int count) {
      short[] bits = shorts(bytes, count);
      for (int i = 0; i < count; i++) {
        values[i] = Float.intBitsToFloat(bits[i] << 16);
      }
    }
  },
  /** IEEE 754 binary16. */
  F16(2) {
    @Override
    void decode(ByteBuffer bytes, float[] values, int count) {
      short[] bits = shorts(bytes, count);
      for (int i = 0; i < count; i++) {
        values[i] = half(bits[i]);
      }
    }
  };

  private final int width;

  NumberFormat(int width) {
    this.width = width;
  }

  /** The format that safetensors calls {@code dtype}, if weights may come in it. */
  static Optional<NumberFormat> of(String dtype) {
    return switch (dtype) {
      case "F32" -> Optional.of(F32);
      case "BF16" -> Optional.of(BF16);
      case "F16" -> Optional.of(F16);
      default -> Optional.empty();
    };
  }

  /** Bytes of one number. */
  int width() {
    return width;
  }

  /** Reads {@code count} numbers at the position of {@code bytes}, which stays. */
  abstract void decode(ByteBuffer bytes, float[] values, int count);

  /**
   * Moves what is left of {@code from} to {@code to}, as it is but for the order of bytes; both
   * positions advance.
   */
  void copy(ByteBuffer from, ByteBuffer to) {
    int bytes = from.remaining();
    if (width == 4) {
      to.asIntBuffer().put(from.asIntBuffer());
    } else {
      to.asShortBuffer().put(from.asShortBuffer());
    }
    from.position(from.position() + bytes);
    to.position(to.position() + bytes);
  }

  private static short[] shorts(ByteBuffer bytes, int count) {
    short[] shorts = new short[count];
    bytes.asShortBuffer().get(shorts);
    return shorts;
  }

  private static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int magnitude = bits & 0x7fff;
    if (magnitude < 0x400) {
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude * 0x1p-24f));
    }
    if (magnitude >= 0x7c00) {
      return Float.intBitsToFloat(sign | 0x7f800000 | ((magnitude & 0x3ff) << 13));
    }
    // The exponent's bias grows from 15 to 127.
    return Float.intBitsToFloat(sign | ((magnitude << 13) + ((127 - 15) << 23)));
  }
}
