package org.plumbline.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format: 8 bytes with the header's length, a JSON header, then the tensors' bytes
 * in little-endian order. A file is untrusted: everything in its header is checked before any
 * memory is taken.
 */
final class Safetensors {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private static final long MAX_HEADER = 100_000_000;
  private static final int CHUNK = 1 << 20;

  private Safetensors() {}

  /** One tensor of a file: {@code begin} and {@code end} count bytes from the end of the header. */
  record Entry(String name, String dtype, long[] shape, long begin, long end) {
    long elements() {
      long product = 1;
      for (long side : shape) {
        product = Math.multiplyExact(product, side);
      }
      return product;
    }
  }

  /** Takes a tensor's values, a chunk at a time, as float32. */
  interface Sink {
    /** Whether this tensor is wanted; may throw if it is not what was expected. */
    boolean accepts(Entry entry) throws IOException;

    /** The next values of {@code entry}, from its element {@code offset}. */
    void values(Entry entry, long offset, float[] values, int count);
  }

  /**
   * Reads all tensors of {@code in}, in the order of the file. {@code where} is named in errors.
   */
  static void read(InputStream in, String where, Sink sink) throws IOException {
    for (Entry entry : header(in, where)) {
      if (sink.accepts(entry)) {
        readValues(in, entry, where, sink);
      } else {
        skip(in, entry.end() - entry.begin(), where);
      }
    }
    if (in.read() >= 0) {
      throw invalid(where, "there are bytes after the last tensor");
    }
  }

  private static List<Entry> header(InputStream in, String where) throws IOException {
    long length = ByteBuffer.wrap(exactly(in, 8, where)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > MAX_HEADER) {
      throw invalid(where, "header length " + length);
    }
    JsonNode header = json(exactly(in, (int) length, where), where);
    List<Entry> entries = new ArrayList<>();
    for (Iterator<Map.Entry<String, JsonNode>> it = header.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      if (!field.getKey().equals("__metadata__")) {
        entries.add(entry(field.getKey(), field.getValue(), where));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long end = 0;
    for (Entry entry : entries) {
      if (entry.begin() != end) {
        throw invalid(
            where, "%s begins at %d (must be %d)".formatted(entry.name(), entry.begin(), end));
      }
      end = entry.end();
    }
    return entries;
  }

  private static JsonNode json(byte[] header, String where) throws IOException {
    try {
      JsonNode json = JSON.readTree(header);
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      throw invalid(where, "the header is not JSON: " + e.getOriginalMessage());
    }
    throw invalid(where, "the header is not a JSON object");
  }

  private static Entry entry(String name, JsonNode node, String where) throws IOException {
    JsonNode offsets = node.path("data_offsets");
    JsonNode shape = node.path("shape");
    if (!offsets.isArray() || offsets.size() != 2 || !shape.isArray()) {
      throw invalid(where, name + " lacks shape or data_offsets");
    }
    long[] sides = new long[shape.size()];
    for (int i = 0; i < sides.length; i++) {
      sides[i] = count(shape.get(i), where, name + " has shape " + shape);
    }
    String place = name + " has data_offsets " + offsets;
    Entry entry =
        new Entry(
            name,
            node.path("dtype").asText(),
            sides,
            count(offsets.get(0), where, place),
            count(offsets.get(1), where, place));
    long bytes;
    try {
      bytes = Math.multiplyExact(entry.elements(), width(entry, where));
    } catch (ArithmeticException e) {
      throw invalid(where, name + " has shape " + shape);
    }
    if (entry.end() - entry.begin() != bytes) {
      throw invalid(where, place + " for " + bytes + " bytes");
    }
    return entry;
  }

  private static long count(JsonNode node, String where, String otherwise) throws IOException {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw invalid(where, otherwise);
    }
    return node.longValue();
  }

  private static int width(Entry entry, String where) throws IOException {
    return switch (entry.dtype()) {
      case "F64", "I64", "U64" -> 8;
      case "F32", "I32", "U32" -> 4;
      case "F16", "BF16", "I16", "U16" -> 2;
      case "I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2" -> 1;
      default -> throw invalid(where, entry.name() + " has dtype " + entry.dtype());
    };
  }

  private static void readValues(InputStream in, Entry entry, String where, Sink sink)
      throws IOException {
    int width = width(entry, where);
    float[] values = new float[CHUNK / width];
    long left = entry.elements();
    while (left > 0) {
      int count = (int) Math.min(values.length, left);
      ByteBuffer bytes =
          ByteBuffer.wrap(exactly(in, count * width, where)).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        values[i] = value(bytes, entry, where);
      }
      sink.values(entry, entry.elements() - left, values, count);
      left -= count;
    }
  }

  private static float value(ByteBuffer bytes, Entry entry, String where) throws IOException {
    return switch (entry.dtype()) {
      case "F32" -> bytes.getFloat();
      case "BF16" -> Float.intBitsToFloat(bytes.getShort() << 16);
      case "F16" -> half(bytes.getShort());
      default -> throw invalid(where, entry.name() + " has dtype " + entry.dtype());
    };
  }

  private static float half(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int mantissa = bits & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> mantissa * 0x1p-24f;
          case 31 -> mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> (float) ((1 + mantissa / 1024.0) * Math.pow(2, exponent - 15));
        };
    return bits < 0 ? -magnitude : magnitude;
  }

  private static byte[] exactly(InputStream in, int count, String where) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException(
          "Cannot read " + where + ": it ends " + (count - bytes.length) + " bytes early");
    }
    return bytes;
  }

  private static void skip(InputStream in, long count, String where) throws IOException {
    try {
      in.skipNBytes(count);
    } catch (EOFException e) {
      throw new EOFException("Cannot read " + where + ": it ends early");
    }
  }

  private static IOException invalid(String where, String what) {
    return new IOException("Invalid safetensors file " + where + ": " + what);
  }

  /** A float32 tensor to write; {@code bytes} is little-endian. */
  record Tensor(String name, long[] shape, ByteBuffer bytes) {}

  /**
   * Writes {@code tensors} as float32, with the note {@code format: pt} that other tools ask for.
   */
  static void write(OutputStream out, List<Tensor> tensors) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Tensor tensor : tensors) {
      ObjectNode node = header.putObject(tensor.name()).put("dtype", "F32");
      for (long side : tensor.shape()) {
        node.withArray("shape").add(side);
      }
      node.withArray("shape");
      node.putArray("data_offsets").add(offset).add(offset + tensor.bytes().remaining());
      offset += tensor.bytes().remaining();
    }
    byte[] json = padded(JSON.writeValueAsString(header));
    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
    out.write(json);
    byte[] chunk = new byte[CHUNK];
    for (Tensor tensor : tensors) {
      ByteBuffer bytes = tensor.bytes().duplicate();
      while (bytes.hasRemaining()) {
        int count = Math.min(chunk.length, bytes.remaining());
        bytes.get(chunk, 0, count);
        out.write(chunk, 0, count);
      }
    }
  }

  /** Pads with spaces so that the tensors begin on a multiple of 8 bytes. */
  private static byte[] padded(String json) {
    return (json + " ".repeat((8 - json.length() % 8) % 8)).getBytes(StandardCharsets.UTF_8);
  }
}
