package org.plumbline.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: 8 bytes with the length of a JSON object, and the object, which
 * places each tensor in the bytes that follow. Files are untrusted: what a header claims is held
 * against the length of the file before any memory is taken for it.
 */
final class SafetensorsHeader {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private static final long MAX_LENGTH = 100_000_000;

  private final String where;

  private SafetensorsHeader(String where) {
    this.where = where;
  }

  /**
   * Reads the header at the beginning of {@code source}.
   *
   * @param where named in errors
   * @return the tensors in the order of the file, which they fill without gaps or overlaps
   * @throws EOFException if the file is shorter than its header says
   * @throws IOException if the header is not what the format asks for
   */
  static List<TensorEntry> read(ByteSource source, String where) throws IOException {
    return new SafetensorsHeader(where).read(source);
  }

  private List<TensorEntry> read(ByteSource source) throws IOException {
    requireFits(8, source.length());
    long length = source.next(8).getLong();
    if (length < 2 || length > MAX_LENGTH) {
      throw invalid("header length " + length);
    }
    requireFits(length, source.length() - 8);
    List<TensorEntry> entries = entries(json(source.next((int) length)));
    long end = requireContiguous(entries);
    long data = source.length() - 8 - length;
    requireFits(end, data);
    if (end < data) {
      throw invalid("there are bytes after the last tensor");
    }
    return entries;
  }

  private void requireFits(long bytes, long room) throws EOFException {
    if (bytes > room) {
      throw new EOFException(
          "Cannot read %s: it ends %d bytes early".formatted(where, bytes - room));
    }
  }

  private List<TensorEntry> entries(JsonNode header) throws IOException {
    List<TensorEntry> entries = new ArrayList<>();
    for (Iterator<Map.Entry<String, JsonNode>> it = header.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      if (!field.getKey().equals("__metadata__")) {
        entries.add(entry(field.getKey(), field.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
    return entries;
  }

  private long requireContiguous(List<TensorEntry> entries) throws IOException {
    long end = 0;
    for (TensorEntry entry : entries) {
      if (entry.begin() != end) {
        throw invalid("%s begins at %d (must be %d)".formatted(entry.name(), entry.begin(), end));
      }
      end = entry.end();
    }
    return end;
  }

  private JsonNode json(ByteBuffer header) throws IOException {
    byte[] bytes = new byte[header.remaining()];
    header.get(bytes);
    try {
      JsonNode json = JSON.readTree(bytes);
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      throw invalid("the header is not JSON: " + e.getOriginalMessage());
    }
    throw invalid("the header is not a JSON object");
  }

  private TensorEntry entry(String name, JsonNode node) throws IOException {
    JsonNode offsets = node.path("data_offsets");
    JsonNode shape = node.path("shape");
    if (!offsets.isArray() || offsets.size() != 2 || !shape.isArray()) {
      throw invalid(name + " lacks shape or data_offsets");
    }
    long[] sides = new long[shape.size()];
    for (int i = 0; i < sides.length; i++) {
      sides[i] = count(shape.get(i), name + " has shape " + shape);
    }
    String place = name + " has data_offsets " + offsets;
    TensorEntry entry =
        new TensorEntry(
            name,
            node.path("dtype").asText(),
            sides,
            count(offsets.get(0), place),
            count(offsets.get(1), place));
    long bytes;
    try {
      bytes = Math.multiplyExact(entry.elements(), width(entry));
    } catch (ArithmeticException e) {
      throw invalid(name + " has shape " + shape);
    }
    if (entry.size() != bytes) {
      throw invalid(place + " for " + bytes + " bytes");
    }
    return entry;
  }

  private long count(JsonNode node, String otherwise) throws IOException {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw invalid(otherwise);
    }
    return node.longValue();
  }

  private int width(TensorEntry entry) throws IOException {
    return switch (entry.dtype()) {
      case "F64", "I64", "U64" -> 8;
      case "F32", "I32", "U32" -> 4;
      case "F16", "BF16", "I16", "U16" -> 2;
      case "I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2", "F8_E8M0" -> 1;
      default -> throw invalid(entry.name() + " has dtype " + entry.dtype());
    };
  }

  private IOException invalid(String what) {
    return new IOException("Invalid safetensors file " + where + ": " + what);
  }
}
