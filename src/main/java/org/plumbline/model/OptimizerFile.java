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

/** The state of AdamW beside a model: the two moments of every trained parameter, and the step. */
public final class OptimizerFile {
  /** Its place within a checkpoint. */
  public static final String NAME = "plumbline/optimizer.safetensors";

  private static final String MEAN = "exp_avg.";
  private static final String SQUARE = "exp_avg_sq.";
  private static final String STEP = "step";
  private static final long[] SCALAR = {1};

  private OptimizerFile() {}

  /** Writes the moments in {@code state} after {@code step} updates, as float32. */
  public static void write(Decoder decoder, Decoder.AdamState state, long step, OutputStream out)
      throws IOException {
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    tensors.addAll(Weights.tensors(decoder.trained(), state.mean(), MEAN, name -> true));
    tensors.addAll(Weights.tensors(decoder.trained(), state.square(), SQUARE, name -> true));
    // float32 counts exactly to 16 million
    ByteBuffer count = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(step).flip();
    tensors.add(new SafetensorsWriter.Tensor(STEP, SCALAR, NumberFormat.F32, List.of(count)));
    SafetensorsWriter.write(out, WeightType.F32, tensors);
  }

  /**
   * Reads the moments beside the model in {@code folder} into {@code state}.
   *
   * @return the number of updates taken so far
   * @throws IOException if a moment is missing, unknown or of another shape
   */
  public static long read(Decoder decoder, Decoder.AdamState state, ModelFolder folder)
      throws IOException {
    try (SafetensorsReader file =
        SafetensorsReader.open(folder.source(NAME), folder.uri() + "/" + NAME)) {
      Inventory inventory =
          new Inventory("Cannot load optimizer of " + folder.uri(), shapes(decoder));
      Map<String, NumberFormat> formats = new HashMap<>();
      for (TensorEntry entry : file.entries()) {
        if (!inventory.wants(entry.name())) {
          throw inventory.failure("unknown parameter " + entry.name());
        }
        formats.put(entry.name(), inventory.found(entry.name(), entry));
      }
      inventory.requireComplete("", name -> false);
      float[] step = new float[1];
      Map<String, SafetensorsReader.Sink> sinks = new HashMap<>();
      sinks.put(STEP, (offset, bytes) -> formats.get(STEP).decode(bytes, step, 1));
      addSinks(sinks, decoder, MEAN, state.mean(), formats);
      addSinks(sinks, decoder, SQUARE, state.square(), formats);
      file.read(sinks);
      return (long) step[0];
    }
  }

  private static Map<String, long[]> shapes(Decoder decoder) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (Layout.Slot slot : decoder.trained().slots().values()) {
      shapes.put(MEAN + slot.parameter().name(), slot.parameter().shape());
      shapes.put(SQUARE + slot.parameter().name(), slot.parameter().shape());
    }
    shapes.put(STEP, SCALAR);
    return shapes;
  }

  private static void addSinks(
      Map<String, SafetensorsReader.Sink> sinks,
      Decoder decoder,
      String prefix,
      NDArray moments,
      Map<String, NumberFormat> formats) {
    FlatMemory memory = new FlatMemory(moments);
    for (Layout.Slot slot : decoder.trained().slots().values()) {
      String name = prefix + slot.parameter().name();
      sinks.put(
          name, (offset, bytes) -> memory.store(slot.offset() + offset, formats.get(name), bytes));
    }
  }
}
