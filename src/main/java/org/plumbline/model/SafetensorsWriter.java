package org.plumbline.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Writes safetensors files. */
final class SafetensorsWriter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHUNK = 1 << 20;

  private SafetensorsWriter() {}

  /**
   * A tensor to write.
   *
   * @param format of the numbers in {@code parts}
   * @param parts its numbers, one buffer after another; a tensor may be larger than a buffer
   */
  record Tensor(String name, long[] shape, NumberFormat format, List<ByteBuffer> parts) {
    long elements() {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
  }

  /**
   * Writes {@code tensors} as {@code type}, with the note {@code format: pt} that other tools ask
   * for.
   */
  static void write(OutputStream out, WeightType type, List<Tensor> tensors) throws IOException {
    byte[] json = padded(header(type, tensors));
    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
    out.write(json);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (Tensor tensor : tensors) {
      for (ByteBuffer part : tensor.parts()) {
        write(out, type, tensor.format(), part, chunk);
      }
    }
  }

  private static String header(WeightType type, List<Tensor> tensors) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Tensor tensor : tensors) {
      ObjectNode node = header.putObject(tensor.name()).put("dtype", type.name());
      for (long side : tensor.shape()) {
        node.withArray("shape").add(side);
      }
      node.withArray("shape");
      long end = offset + tensor.elements() * type.format().width();
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    return JSON.writeValueAsString(header);
  }

  private static void write(
      OutputStream out, WeightType type, NumberFormat format, ByteBuffer part, ByteBuffer chunk)
      throws IOException {
    int elements = CHUNK / Math.max(type.format().width(), format.width());
    ByteBuffer rest = part.duplicate().order(part.order());
    while (rest.hasRemaining()) {
      int bytes = Math.min(elements * format.width(), rest.remaining());
      type.store(format, rest.slice(rest.position(), bytes).order(rest.order()), chunk.clear());
      rest.position(rest.position() + bytes);
      out.write(chunk.array(), 0, chunk.position());
    }
  }

  /** Pads with spaces so that the tensors begin on a multiple of 8 bytes. */
  private static byte[] padded(String json) {
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    return (json + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
  }
}
