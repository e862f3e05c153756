package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafetensorsTest {
  /** Every tensor of a file that holds numbers of weights. */
  record Contents(Map<String, long[]> shapes, Map<String, float[]> values) {}

  static byte[] file(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  static ByteSource source(byte[] file) {
    return new StreamedFile(new ByteArrayInputStream(file), file.length, "model");
  }

  static Contents read(byte[] file) throws IOException {
    return read(source(file));
  }

  static Contents read(ByteSource source) throws IOException {
    Contents contents = new Contents(new LinkedHashMap<>(), new LinkedHashMap<>());
    Map<String, SafetensorsReader.Sink> sinks = new HashMap<>();
    try (SafetensorsReader reader = SafetensorsReader.open(source, "model")) {
      for (TensorEntry entry : reader.entries()) {
        NumberFormat format = NumberFormat.of(entry.dtype()).orElseThrow();
        float[] values = new float[(int) entry.elements()];
        contents.shapes.put(entry.name(), entry.shape());
        contents.values.put(entry.name(), values);
        sinks.put(entry.name(), (offset, bytes) -> decode(format, bytes, values, (int) offset));
      }
      reader.read(sinks);
    }
    return contents;
  }

  private static void decode(NumberFormat format, ByteBuffer bytes, float[] values, int offset) {
    float[] chunk = new float[bytes.remaining() / format.width()];
    format.decode(bytes, chunk, chunk.length);
    System.arraycopy(chunk, 0, values, offset, chunk.length);
  }

  private static float[] decode(String dtype, int... bytes) throws IOException {
    byte[] data = new byte[bytes.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) bytes[i];
    }
    int width = dtype.equals("F32") ? 4 : 2;
    String header =
        "{\"a\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(dtype, data.length / width, data.length);
    return read(file(header, data)).values.get("a");
  }

  static SafetensorsWriter.Tensor tensor(String name, float[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new SafetensorsWriter.Tensor(name, shape, NumberFormat.F32, List.of(bytes));
  }

  @Test
  void readsBackTensorsOfAnyShape() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(
        out,
        WeightType.F32,
        List.of(
            tensor("scalar", new float[] {-0f}),
            tensor("none", new float[] {}, 3, 0, 2),
            tensor("größe \"x\"", new float[] {1, 2, 3, 4, 5, 6}, 1, 3, 2),
            tensor("odd", new float[] {Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY}, 3)));

    Contents back = read(out.toByteArray());

    assertThat(back.shapes.keySet())
        .containsExactlyInAnyOrder("scalar", "none", "größe \"x\"", "odd");
    assertThat(back.shapes.get("scalar")).isEmpty();
    assertThat(back.shapes.get("none")).containsExactly(3, 0, 2);
    assertThat(back.shapes.get("größe \"x\"")).containsExactly(1, 3, 2);
    assertThat(back.values.get("scalar")).isEqualTo(new float[] {-0f});
    assertThat(back.values.get("none")).isEmpty();
    assertThat(back.values.get("größe \"x\"")).isEqualTo(new float[] {1, 2, 3, 4, 5, 6});
    assertThat(back.values.get("odd"))
        .isEqualTo(new float[] {Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY});
  }

  @Test
  void readsTensorsLargerThanAChunk() throws IOException {
    float[] many = new float[600_001];
    for (int i = 0; i < many.length; i++) {
      many[i] = i;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, WeightType.F32, List.of(tensor("many", many, many.length)));
    assertThat(read(out.toByteArray()).values.get("many")).isEqualTo(many);
  }

  @Test
  void writesWhatTheFormatAsksFor() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(
        out,
        WeightType.F32,
        List.of(tensor("b", new float[] {1}, 1), tensor("a", new float[] {2})));
    ByteBuffer file = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) file.getLong();
    String header = new String(out.toByteArray(), 8, length, StandardCharsets.UTF_8);
    assertThat(header.strip())
        .isEqualTo(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,8]}}");
    assertThat(length % 8).isZero();
    assertThat(Arrays.copyOfRange(out.toByteArray(), 8 + length, 16 + length))
        .containsExactly(0, 0, 0x80, 0x3f, 0, 0, 0, 0x40);
  }

  @Test
  void tensorsBeginOnMultiplesOfEightWhateverTheyAreCalled() throws IOException {
    for (String name : new String[] {"a", "größe", "\u20ac\u20ac\u20ac", "abcdefgh"}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      SafetensorsWriter.write(out, WeightType.F32, List.of(tensor(name, new float[] {1}, 1)));
      assertThat(out.size() % 8).as(name).isEqualTo(4);
    }
  }

  @Test
  void decodesSinglePrecision() throws IOException {
    assertThat(decode("F32", 0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc1, 1, 0, 0, 0))
        .isEqualTo(new float[] {1, -10, Float.MIN_VALUE});
  }

  @Test
  void decodesBrainFloats() throws IOException {
    assertThat(decode("BF16", 0x80, 0x3f, 0x20, 0xc1, 0x80, 0x7f, 0xc0, 0x7f))
        .isEqualTo(new float[] {1, -10, Float.POSITIVE_INFINITY, Float.NaN});
  }

  @Test
  void decodesHalfPrecision() throws IOException {
    // 1, -2, a third, the largest, the smallest normal, the largest and smallest subnormal, -0
    assertThat(
            decode(
                "F16", 0, 0x3c, 0, 0xc0, 0x55, 0x35, 0xff, 0x7b, 0, 4, 0xff, 3, 1, 0, 0, 0x80, 0,
                0xfc, 1, 0x7e))
        .isEqualTo(
            new float[] {
              1,
              -2,
              0.333251953125f,
              65504,
              0x1p-14f,
              1023 * 0x1p-24f,
              0x1p-24f,
              -0f,
              Float.NEGATIVE_INFINITY,
              Float.NaN
            });
  }

  @Test
  void passesOverWhatIsNotWanted() throws IOException {
    String header =
        "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
            + "\"a\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]}}";
    byte[] data = {1, 2, 3, 4, 5, 6, 7, 8, 0, 0, (byte) 0x80, 0x3f};
    float[] taken = new float[1];
    try (SafetensorsReader reader = SafetensorsReader.open(source(file(header, data)), "model")) {
      reader.read(Map.of("b", (offset, bytes) -> NumberFormat.F32.decode(bytes, taken, 1)));
    }
    assertThat(taken).containsExactly(1);
  }
}
