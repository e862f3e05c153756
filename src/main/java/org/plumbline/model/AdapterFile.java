package org.plumbline.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Adapters between a folder in PEFT's layout and the flat array that is trained. */
public final class AdapterFile {
  /** The file with the adapters, and a score head if there is one. */
  public static final String NAME = "adapter_model.safetensors";

  private static final String PREFIX = "base_model.model.";

  private AdapterFile() {}

  /**
   * The adapters of {@code folder}, or, if it has weights instead, new ones that add nothing yet. A
   * head that does not come with adapters is that of the base, and zero if that has none.
   *
   * @param decoder its {@link Decoder#lora} must be that of the folder
   * @param seed of new adapters
   * @return [trained size of the decoder]
   * @throws IOException if a matrix is missing, unknown or of another shape
   */
  public static NDArray load(Decoder decoder, ModelFolder folder, long seed, NDManager manager)
      throws IOException {
    String failure = "Cannot load adapters " + folder.uri();
    try (LayoutReader reader = new LayoutReader(decoder.trained(), failure)) {
      if (folder.isAdapter()) {
        requireAlike(decoder, folder);
        open(decoder, folder, reader);
      } else {
        requireWeights(folder);
        openHead(decoder, folder, reader);
      }
      try (NDManager host = Devices.host()) {
        NDArray adapters = Weights.initial(decoder.trained(), seed, host);
        reader.read(new FlatMemory(adapters));
        return Devices.moved(adapters, manager);
      }
    }
  }

  private static void open(Decoder decoder, ModelFolder folder, LayoutReader reader)
      throws IOException {
    List<TensorEntry> found = reader.open(folder, NAME, names(decoder), AdapterFile::isHead);
    boolean headless =
        found.stream().noneMatch(entry -> isHead(names(decoder).apply(entry.name())));
    if (decoder.head().hasValues() && folder.has(Weights.VALUE_FILE)) {
      openHead(decoder, folder, reader);
    } else if (headless) {
      openHead(decoder, folder.base(), reader);
    }
    reader.requireComplete(decoder.head()::owns);
  }

  /** Takes the head from where {@code folder} has it beside its weights, and nothing else. */
  private static void openHead(Decoder decoder, ModelFolder folder, LayoutReader reader)
      throws IOException {
    List<String> files = List.of();
    if (decoder.head().hasValues() && folder.has(Weights.VALUE_FILE)) {
      files = List.of(Weights.VALUE_FILE);
    } else if (decoder.head() == Head.SCORE) {
      files = WeightFiles.required(folder).names();
    }
    for (String file : files) {
      reader.open(folder, file, decoder.architecture()::canonicalName, name -> true);
    }
  }

  private static UnaryOperator<String> names(Decoder decoder) {
    return name ->
        decoder
            .architecture()
            .canonicalName(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name);
  }

  private static boolean isHead(String name) {
    return Head.SCORE.owns(name) || Head.VALUE.owns(name);
  }

  private static void requireWeights(ModelFolder folder) throws IOException {
    if (!folder.hasWeights()) {
      throw new IOException("Cannot adapt model " + folder.uri() + ": it has no weights");
    }
  }

  private static void requireAlike(Decoder decoder, ModelFolder folder) {
    Lora wanted = decoder.lora().orElseThrow();
    Lora found = folder.lora().orElseThrow();
    Adapters there = new Adapters(decoder.architecture(), decoder.head(), Optional.of(found));
    Layout layout = new Layout(there.blocks());
    if (wanted.rank() != found.rank()
        || wanted.scale() != found.scale()
        || !layout.slots().keySet().equals(decoder.trained().slots().keySet())) {
      throw new IllegalArgumentException(
          "Cannot go on with the adapters of %s: they are %s, and %s is asked for (merge them first)"
              .formatted(folder.uri(), found, wanted));
    }
  }

  /** Adds to {@code flat}, the weights of the base of {@code folder}, what its adapters do. */
  static void mergeInto(NDArray flat, Head head, ModelFolder folder) throws IOException {
    Device device = flat.getManager().getDevice();
    try (Decoder decoder = folder.decoder(head, Compute.FLOAT32, folder.lora(), device);
        NDManager scope = decoder.scope()) {
      decoder.with(load(decoder, folder, 0, scope)).merge(flat);
    }
  }

  /**
   * Writes adapters, and a score head if there is one, as {@link #NAME}, and beside it what other
   * tools must know of them.
   *
   * @param source the folder with their base, or with earlier adapters for the same
   * @param uri where {@code target} opens files
   */
  public static void write(
      Decoder decoder,
      NDArray adapters,
      ModelFolder source,
      String uri,
      ModelFolder.FileOpener target)
      throws IOException {
    try (OutputStream out = target.open(AdapterConfig.NAME)) {
      AdapterConfig.write(decoder, source.base().nameFrom(uri), out);
    }
    try (OutputStream out = target.open(NAME);
        HostMemory host = new HostMemory()) {
      SafetensorsWriter.write(
          out,
          WeightType.F32,
          Weights.tensors(
              decoder.trained(), host.array(adapters), PREFIX, name -> !Head.VALUE.owns(name)));
    }
  }
}
