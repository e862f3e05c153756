package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Weights between a Hugging Face folder and the flat array. */
public final class Weights {
  /** The file with the language model's weights, or a reward model's. */
  public static final String MODEL_FILE = "model.safetensors";

  /** The file with a policy's value head, which other tools need not know. */
  public static final String VALUE_FILE = "plumbline/value_head.safetensors";

  private Weights() {}

  /** Reads the weights of {@code folder} into a new flat array of float32. */
  public static NDArray load(Decoder decoder, ModelFolder folder, NDManager manager)
      throws IOException {
    return load(decoder, folder, manager, WeightType.F32);
  }

  /**
   * Reads the weights of {@code folder} into a new flat array: from {@link #MODEL_FILE}, or else
   * from the shards that {@code model.safetensors.index.json} names, and a value head from {@link
   * #VALUE_FILE}. Files may hold F32, BF16 or F16. A head that the folder does not have starts at
   * zero; a head that is not wanted is left out, as is the language-model head of an untied family
   * under a score head. Adapters are merged into their base. Files are checked before memory is
   * taken.
   *
   * @param type of the array; numbers of more bits are rounded to the nearest, ties to even
   * @return [size of the decoder]
   * @throws IOException if a weight is missing, unknown, there twice or of another shape
   */
  public static NDArray load(
      Decoder decoder, ModelFolder folder, NDManager manager, WeightType type) throws IOException {
    if (folder.isAdapter()) {
      NDArray flat = load(decoder, folder.base(), manager, type);
      AdapterFile.mergeInto(flat, decoder.head(), folder);
      return flat;
    }
    String failure = "Cannot load model " + folder.uri();
    try (LayoutReader reader = new LayoutReader(decoder.layout(), failure)) {
      open(decoder, folder, reader);
      try (NDManager host = Devices.host()) {
        NDArray flat = type.zeros(host, decoder.size());
        reader.read(new FlatMemory(flat));
        return Devices.moved(flat, manager);
      }
    }
  }

  private static void open(Decoder decoder, ModelFolder folder, LayoutReader reader)
      throws IOException {
    WeightFiles files = WeightFiles.required(folder);
    boolean fresh = decoder.head() == Head.CRITIC && !folder.has(VALUE_FILE);
    UnaryOperator<String> names = name -> canonical(decoder, name, fresh);
    boolean scores = false;
    for (String file : files.names()) {
      List<TensorEntry> found =
          reader.open(folder, file, names, name -> isIgnorable(decoder, name));
      files.requireAsIndexed(folder, file, found);
      scores |= fresh && found.stream().anyMatch(entry -> Head.SCORE.owns(entry.name()));
    }
    if (decoder.head().hasValues() && folder.has(VALUE_FILE)) {
      reader.open(folder, VALUE_FILE, names, name -> isIgnorable(decoder, name));
    }
    String head = scores ? Head.CRITIC.weight() : "";
    reader.requireComplete(name -> decoder.head().owns(name) && !name.equals(head));
  }

  /** A critic that begins as a reward model takes over its head, and has a bias besides. */
  private static String canonical(Decoder decoder, String name, boolean freshCritic) {
    String canonical = decoder.architecture().canonicalName(name);
    return freshCritic && canonical.equals(Head.SCORE.weight()) ? Head.CRITIC.weight() : canonical;
  }

  /** Heads that are not wanted, buffers, and copies of tied weights. */
  private static boolean isIgnorable(Decoder decoder, String name) {
    return Head.SCORE.owns(name)
        || Head.VALUE.owns(name)
        || (decoder.head().replacesLmHead() && name.equals(Layout.LM_HEAD))
        || decoder.architecture().isIgnorable(name);
  }

  /** A new flat array of random weights, float32, the same for the same seed. */
  public static NDArray initial(Decoder decoder, long seed, NDManager manager) {
    return initial(decoder.layout(), seed, manager);
  }

  static NDArray initial(Layout layout, long seed, NDManager manager) {
    try (NDManager host = Devices.host()) {
      NDArray flat = WeightType.F32.zeros(host, layout.size());
      FlatMemory memory = new FlatMemory(flat);
      SplittableRandom random = new SplittableRandom(seed);
      for (Layout.Slot slot : layout.slots().values()) {
        for (ByteBuffer part : memory.parts(slot.offset(), slot.parameter().size())) {
          FloatBuffer values = part.asFloatBuffer();
          while (values.hasRemaining()) {
            values.put(slot.parameter().init().draw(random));
          }
        }
      }
      return Devices.moved(flat, manager);
    }
  }

  /**
   * Writes the value head as {@link #VALUE_FILE}, as float32.
   *
   * @param held the last elements of the array that is trained, where the head lies: all, or fewer
   */
  public static void writeValueHead(Decoder decoder, NDArray held, OutputStream out)
      throws IOException {
    Layout layout = decoder.trained();
    Slice slice = new Slice(layout.size() - held.size(), layout.size());
    try (HostMemory host = new HostMemory()) {
      SafetensorsWriter.write(
          out,
          WeightType.F32,
          tensors(layout, slice, slice.from(), host.array(held), "", Head.VALUE::owns));
    }
  }

  static List<SafetensorsWriter.Tensor> tensors(
      Layout layout, NDArray flat, String prefix, Predicate<String> wanted) {
    return tensors(layout, new Slice(0, layout.size()), 0, flat, prefix, wanted);
  }

  /**
   * The same of the parameters in {@code slice}.
   *
   * @param held elements of an array that is laid out so, from its element {@code from} on
   */
  static List<SafetensorsWriter.Tensor> tensors(
      Layout layout,
      Slice slice,
      long from,
      NDArray held,
      String prefix,
      Predicate<String> wanted) {
    FlatMemory memory = new FlatMemory(held);
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    for (Layout.Slot slot : layout.within(slice)) {
      Parameter parameter = slot.parameter();
      if (wanted.test(parameter.name())) {
        tensors.add(
            new SafetensorsWriter.Tensor(
                prefix + parameter.name(),
                parameter.shape(),
                memory.type().format(),
                memory.parts(slot.offset() - from, parameter.size())));
      }
    }
    return tensors;
  }
}
