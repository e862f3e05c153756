package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

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
    if (!folder.isAdapter()) {
      requireWeights(folder);
      NDArray adapters = Weights.initial(decoder.trained(), seed, manager);
      new Reader(decoder, folder, adapters).readHead();
      return adapters;
    }
    requireAlike(decoder, folder);
    NDArray adapters = manager.zeros(new Shape(decoder.trainedSize()), DataType.FLOAT32);
    Reader reader = new Reader(decoder, folder, adapters);
    reader.read(NAME, PREFIX, true);
    if (decoder.head() == Head.VALUE && folder.has(Weights.VALUE_FILE)) {
      reader.read(Weights.VALUE_FILE, "", true);
    }
    if (!reader.requireComplete()) {
      new Reader(decoder, folder.base(), adapters).readHead();
    }
    return adapters;
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
    try (Decoder decoder = folder.decoder(head, Compute.FLOAT32, folder.lora());
        NDManager scope = NDManager.newBaseManager("PyTorch")) {
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
    try (OutputStream out = target.open(NAME)) {
      Safetensors.write(
          out,
          Weights.tensors(decoder.trained(), adapters, PREFIX, name -> !Head.VALUE.owns(name)));
    }
  }

  /** Fills the array and keeps count of what has come. */
  private static final class Reader implements Safetensors.Sink {
    private final Decoder decoder;
    private final ModelFolder folder;
    private final NDArray adapters;
    private final Set<String> found = new HashSet<>();
    private String prefix = "";
    private boolean strict;

    Reader(Decoder decoder, ModelFolder folder, NDArray adapters) {
      this.decoder = decoder;
      this.folder = folder;
      this.adapters = adapters;
    }

    /** Reads what a folder with weights has of the head, and nothing else. */
    void readHead() throws IOException {
      if (decoder.head() == Head.VALUE && folder.has(Weights.VALUE_FILE)) {
        read(Weights.VALUE_FILE, "", false);
      }
      if (decoder.head() == Head.SCORE) {
        read(Weights.MODEL_FILE, "", false);
      }
    }

    void read(String file, String prefix, boolean strict) throws IOException {
      this.prefix = prefix;
      this.strict = strict;
      try (InputStream in = folder.open(file)) {
        Safetensors.read(in, folder.uri() + "/" + file, this);
      } catch (FileNotFoundException e) {
        throw invalid("no " + file);
      }
    }

    @Override
    public boolean accepts(Safetensors.Entry entry) throws IOException {
      Layout.Slot slot = slot(entry);
      if (slot == null) {
        String name = name(entry);
        if (strict && !Head.SCORE.owns(name) && !Head.VALUE.owns(name)) {
          throw invalid("unknown weight " + entry.name());
        }
        return false;
      }
      if (!Arrays.equals(slot.parameter().shape(), entry.shape())) {
        throw invalid(
            "%s has shape %s (must be %s)"
                .formatted(
                    entry.name(),
                    Arrays.toString(entry.shape()),
                    Arrays.toString(slot.parameter().shape())));
      }
      found.add(name(entry));
      return true;
    }

    @Override
    public void values(Safetensors.Entry entry, long offset, float[] values, int count) {
      slot(entry).bytes(adapters).asFloatBuffer().position((int) offset).put(values, 0, count);
    }

    private Layout.Slot slot(Safetensors.Entry entry) {
      return decoder.trained().slots().get(name(entry));
    }

    private String name(Safetensors.Entry entry) {
      String name = entry.name();
      return decoder
          .architecture()
          .canonicalName(name.startsWith(prefix) ? name.substring(prefix.length()) : name);
    }

    /** Whether all is there; a head alone may be missing. */
    boolean requireComplete() throws IOException {
      boolean headless = found.stream().noneMatch(decoder.head()::owns);
      for (String name : decoder.trained().slots().keySet()) {
        if (!found.contains(name) && !(headless && decoder.head().owns(name))) {
          throw invalid("no weight " + name);
        }
      }
      return !headless;
    }

    private IOException invalid(String why) {
      return new IOException("Cannot load adapters " + folder.uri() + ": " + why);
    }
  }
}
