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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The state of AdamW beside a model: the two moments of every trained parameter, and the step. Of
 * several ranks each has a file with its slice; a parameter that slices share is in both files by
 * its parts, in one dimension. Any number of ranks reads what any number wrote.
 */
public final class OptimizerFile {
  /** Its place within a checkpoint, where it is one file. */
  public static final String NAME = "plumbline/optimizer.safetensors";

  private static final String FOLDER = "plumbline";
  private static final String SHARD = "plumbline/optimizer-%05d-of-%05d.safetensors";
  private static final Pattern SHARD_NAME =
      Pattern.compile("optimizer-\\d{5}-of-(\\d{5})\\.safetensors");
  private static final String MEAN = "exp_avg.";
  private static final String SQUARE = "exp_avg_sq.";
  private static final String STEP = "step";
  private static final long[] SCALAR = {1};

  private OptimizerFile() {}

  /** The place of the file of rank {@code rank} of {@code world} within a checkpoint. */
  public static String name(int rank, int world) {
    return world == 1 ? NAME : SHARD.formatted(rank + 1, world);
  }

  /**
   * Writes moments after {@code step} updates, as float32.
   *
   * @param slice of what is trained that {@code state} has the moments of
   */
  public static void write(
      Decoder decoder, Slice slice, Decoder.AdamState state, long step, OutputStream out)
      throws IOException {
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    addTensors(tensors, decoder, slice, MEAN, state.mean());
    addTensors(tensors, decoder, slice, SQUARE, state.square());
    // float32 counts exactly to 16 million
    ByteBuffer count = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(step).flip();
    tensors.add(new SafetensorsWriter.Tensor(STEP, SCALAR, NumberFormat.F32, List.of(count)));
    SafetensorsWriter.write(out, WeightType.F32, tensors);
  }

  private static void addTensors(
      List<SafetensorsWriter.Tensor> tensors,
      Decoder decoder,
      Slice slice,
      String prefix,
      NDArray moments) {
    FlatMemory memory = new FlatMemory(moments);
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
   * Reads the moments beside the model in {@code folder} into {@code state}.
   *
   * @param slice of what is trained that {@code state} has room for
   * @return the number of updates taken so far
   * @throws IOException if a file or a moment is missing, unknown or of another shape
   */
  public static long read(Decoder decoder, Slice slice, Decoder.AdamState state, ModelFolder folder)
      throws IOException {
    int world = world(folder);
    long step = -1;
    for (int rank = 0; rank < world; rank++) {
      Slice written = Slice.of(decoder.trained().size(), rank, world);
      if (written.and(slice).size() > 0) {
        step = read(decoder, written, slice, state, folder, name(rank, world));
      }
    }
    return step;
  }

  /** How many ranks wrote it; a file that is missing is noticed when it is read. */
  private static int world(ModelFolder folder) throws IOException {
    for (String name : folder.fileNames(FOLDER)) {
      Matcher shard = SHARD_NAME.matcher(name);
      if (shard.matches()) {
        return Integer.parseInt(shard.group(1));
      }
    }
    return 1;
  }

  private static long read(
      Decoder decoder,
      Slice written,
      Slice wanted,
      Decoder.AdamState state,
      ModelFolder folder,
      String name)
      throws IOException {
    try (SafetensorsReader file =
        SafetensorsReader.open(folder.source(name), folder.uri() + "/" + name)) {
      Map<Layout.Slot, Slice> parts = parts(decoder, written);
      Inventory inventory =
          new Inventory("Cannot load optimizer of " + folder.uri(), shapes(parts));
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
      addSinks(sinks, parts, wanted, MEAN, state.mean(), formats);
      addSinks(sinks, parts, wanted, SQUARE, state.square(), formats);
      file.read(sinks);
      return (long) step[0];
    }
  }

  private static Map<String, long[]> shapes(Map<Layout.Slot, Slice> parts) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    parts.forEach(
        (slot, part) -> {
          shapes.put(MEAN + slot.parameter().name(), shape(slot, part));
          shapes.put(SQUARE + slot.parameter().name(), shape(slot, part));
        });
    shapes.put(STEP, SCALAR);
    return shapes;
  }

  private static void addSinks(
      Map<String, SafetensorsReader.Sink> sinks,
      Map<Layout.Slot, Slice> parts,
      Slice wanted,
      String prefix,
      NDArray moments,
      Map<String, NumberFormat> formats) {
    FlatMemory memory = new FlatMemory(moments);
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
