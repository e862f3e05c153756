package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of arrays that have an element for each that is trained, or for a slice of them: parameter
 * by parameter, as float32, and the number of updates. A parameter that the slice cuts is there by
 * its part, in one dimension.
 */
public final class TrainedFile {
  private static final String STEP = "step";
  private static final long[] SCALAR = {1};

  private TrainedFile() {}

  /**
   * Writes {@code arrays}, by what their parameters' names begin with, after {@code step} updates.
   */
  public static void write(
      Decoder decoder, Slice slice, Map<String, NDArray> arrays, long step, OutputStream out)
      throws IOException {
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    try (HostMemory host = new HostMemory()) {
      arrays.forEach(
          (prefix, array) -> addTensors(tensors, decoder, slice, prefix, host.array(array)));
      // float32 counts exactly to 16 million
      ByteBuffer count =
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(step).flip();
      tensors.add(new SafetensorsWriter.Tensor(STEP, SCALAR, NumberFormat.F32, List.of(count)));
      SafetensorsWriter.write(out, WeightType.F32, tensors);
    }
  }

  private static void addTensors(
      List<SafetensorsWriter.Tensor> tensors,
      Decoder decoder,
      Slice slice,
      String prefix,
      NDArray array) {
    FlatMemory memory = new FlatMemory(array);
    for (Map.Entry<Layout.Slot, Slice> part : parts(decoder, slice).entrySet()) {
      tensors.add(
          new SafetensorsWriter.Tensor(
              prefix + part.getKey().parameter().name(),
              shape(part.getKey(), part.getValue()),
              memory.type().format(),
              memory.parts(part.getValue().from() - slice.from(), part.getValue().size())));
    }
  }

  /** What of each parameter is in {@code slice}. */
  private static Map<Layout.Slot, Slice> parts(Decoder decoder, Slice slice) {
    Map<Layout.Slot, Slice> parts = new LinkedHashMap<>();
    for (Layout.Slot slot : decoder.trained().slots().values()) {
      Slice all = new Slice(slot.offset(), slot.offset() + slot.parameter().size());
      Slice part = all.and(slice);
      if (part.size() > 0) {
        parts.put(slot, part);
      }
    }
    return parts;
  }

  private static long[] shape(Layout.Slot slot, Slice part) {
    return part.size() == slot.parameter().size()
        ? slot.parameter().shape()
        : new long[] {part.size()};
  }

  /**
   * Reads what of {@code name} in {@code folder} is {@code wanted}.
   *
   * @param what is read, for errors
   * @param written the slice that the file has
   * @param wanted the slice that {@code arrays} have room for
   * @return the number of updates
   * @throws IOException if a parameter is missing, unknown or of another shape
   */
  public static long read(
      String what,
      Decoder decoder,
      Slice written,
      Slice wanted,
      Map<String, NDArray> arrays,
      ModelFolder folder,
      String name)
      throws IOException {
    try (SafetensorsReader file =
            SafetensorsReader.open(folder.source(name), folder.uri() + "/" + name);
        HostMemory host = new HostMemory()) {
      Map<Layout.Slot, Slice> parts = parts(decoder, written);
      Inventory inventory =
          new Inventory(
              "Cannot load %s of %s".formatted(what, folder.uri()), shapes(parts, arrays));
      Map<String, NumberFormat> formats = new HashMap<>();
      for (TensorEntry entry : file.entries()) {
        if (!inventory.wants(entry.name())) {
          throw inventory.failure("unknown parameter " + entry.name());
        }
        formats.put(entry.name(), inventory.found(entry.name(), entry));
      }
      inventory.requireComplete("", each -> false);
      float[] step = new float[1];
      Map<String, SafetensorsReader.Sink> sinks = new HashMap<>();
      sinks.put(STEP, (offset, bytes) -> formats.get(STEP).decode(bytes, step, 1));
      arrays.forEach(
          (prefix, array) -> addSinks(sinks, parts, wanted, prefix, host.array(array), formats));
      file.read(sinks);
      host.putBack();
      return (long) step[0];
    }
  }

  private static Map<String, long[]> shapes(
      Map<Layout.Slot, Slice> parts, Map<String, NDArray> arrays) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    parts.forEach(
        (slot, part) ->
            arrays
                .keySet()
                .forEach(
                    prefix -> shapes.put(prefix + slot.parameter().name(), shape(slot, part))));
    shapes.put(STEP, SCALAR);
    return shapes;
  }

  private static void addSinks(
      Map<String, SafetensorsReader.Sink> sinks,
      Map<Layout.Slot, Slice> parts,
      Slice wanted,
      String prefix,
      NDArray array,
      Map<String, NumberFormat> formats) {
    FlatMemory memory = new FlatMemory(array);
    parts.forEach(
        (slot, part) -> {
          String name = prefix + slot.parameter().name();
          sinks.put(
              name,
              (offset, bytes) ->
                  store(memory, wanted, part.from() + offset, formats.get(name), bytes));
        });
  }

  /** Keeps what is wanted of numbers that begin at {@code at}. */
  private static void store(
      FlatMemory memory, Slice wanted, long at, NumberFormat format, ByteBuffer bytes) {
    Slice all = new Slice(at, at + bytes.remaining() / format.width());
    Slice kept = all.and(wanted);
    if (kept.size() > 0) {
      int begin = bytes.position() + (int) (kept.from() - at) * format.width();
      ByteBuffer share = bytes.slice(begin, (int) kept.size() * format.width());
      memory.store(kept.from() - wanted.from(), format, share.order(bytes.order()));
    }
  }
}
