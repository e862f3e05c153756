package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Weights between a Hugging Face folder and the flat array. */
public final class Weights {
  /** The file with the language model's weights, or a reward model's. */
  public static final String MODEL_FILE = "model.safetensors";

  /** The file with a policy's value head, which other tools need not know. */
  public static final String VALUE_FILE = "plumbline/value_head.safetensors";

  private Weights() {}

  /**
   * Reads the weights of {@code folder} into a new flat array. A head that the folder does not have
   * starts at zero; a head that is not wanted is left out. Adapters are merged into their base.
   *
   * @throws IOException if a weight is missing, unknown or of another shape
   */
  public static NDArray load(Decoder decoder, ModelFolder folder, NDManager manager)
      throws IOException {
    if (folder.isAdapter()) {
      NDArray flat = load(decoder, folder.base(), manager);
      AdapterFile.mergeInto(flat, decoder.head(), folder);
      return flat;
    }
    NDArray flat = manager.zeros(new Shape(decoder.size()), DataType.FLOAT32);
    Reader reader = new Reader(decoder, folder, flat);
    reader.read(MODEL_FILE);
    if (decoder.head() == Head.VALUE && folder.has(VALUE_FILE)) {
      reader.read(VALUE_FILE);
    }
    reader.requireComplete();
    return flat;
  }

  /** A new flat array of random weights, the same for the same seed. */
  public static NDArray initial(Decoder decoder, long seed, NDManager manager) {
    return initial(decoder.layout(), seed, manager);
  }

  static NDArray initial(Layout layout, long seed, NDManager manager) {
    NDArray flat = manager.zeros(new Shape(layout.size()), DataType.FLOAT32);
    SplittableRandom random = new SplittableRandom(seed);
    for (Layout.Slot slot : layout.slots().values()) {
      FloatBuffer values = slot.bytes(flat).asFloatBuffer();
      Parameter.Init init = slot.parameter().init();
      while (values.hasRemaining()) {
        values.put(init.draw(random));
      }
    }
    return flat;
  }

  /** Writes the language model, and a score head if there is one, as {@link #MODEL_FILE}. */
  public static void writeModel(Decoder decoder, NDArray flat, OutputStream out)
      throws IOException {
    Safetensors.write(out, tensors(decoder.layout(), flat, "", name -> !Head.VALUE.owns(name)));
  }

  /** Writes the value head as {@link #VALUE_FILE}, from the array that is trained. */
  public static void writeValueHead(Decoder decoder, NDArray trained, OutputStream out)
      throws IOException {
    Safetensors.write(out, tensors(decoder.trained(), trained, "", Head.VALUE::owns));
  }

  /** Every wanted parameter's part of {@code flat}, its name after {@code prefix}. */
  static List<Safetensors.Tensor> tensors(
      Layout layout, NDArray flat, String prefix, Predicate<String> wanted) {
    List<Safetensors.Tensor> tensors = new ArrayList<>();
    for (Layout.Slot slot : layout.slots().values()) {
      Parameter parameter = slot.parameter();
      if (wanted.test(parameter.name())) {
        tensors.add(
            new Safetensors.Tensor(prefix + parameter.name(), parameter.shape(), slot.bytes(flat)));
      }
    }
    return tensors;
  }

  /** Fills the flat array and keeps count of what has come. */
  private static final class Reader implements Safetensors.Sink {
    private final Decoder decoder;
    private final ModelFolder folder;
    private final NDArray flat;
    private final Set<String> found = new HashSet<>();

    Reader(Decoder decoder, ModelFolder folder, NDArray flat) {
      this.decoder = decoder;
      this.folder = folder;
      this.flat = flat;
    }

    void read(String file) throws IOException {
      try (InputStream in = folder.open(file)) {
        Safetensors.read(in, folder.uri() + "/" + file, this);
      } catch (FileNotFoundException e) {
        throw invalid("no " + file);
      }
    }

    @Override
    public boolean accepts(Safetensors.Entry entry) throws IOException {
      String name = name(entry);
      Layout.Slot slot = decoder.layout().slots().get(name);
      if (slot == null) {
        boolean otherHead = Head.SCORE.owns(name) || Head.VALUE.owns(name);
        if (otherHead || decoder.architecture().isIgnorable(name)) {
          return false;
        }
        throw invalid("unknown weight " + entry.name());
      }
      if (!Arrays.equals(slot.parameter().shape(), entry.shape())) {
        throw invalid(
            "%s has shape %s (must be %s)"
                .formatted(
                    entry.name(),
                    Arrays.toString(entry.shape()),
                    Arrays.toString(slot.parameter().shape())));
      }
      found.add(name);
      return true;
    }

    @Override
    public void values(Safetensors.Entry entry, long offset, float[] values, int count) {
      Layout.Slot slot = decoder.layout().slots().get(name(entry));
      slot.bytes(flat).asFloatBuffer().position((int) offset).put(values, 0, count);
    }

    private String name(Safetensors.Entry entry) {
      return decoder.architecture().canonicalName(entry.name());
    }

    void requireComplete() throws IOException {
      boolean headless = found.stream().noneMatch(decoder.head()::owns);
      for (String name : decoder.layout().slots().keySet()) {
        if (!found.contains(name) && !(headless && decoder.head().owns(name))) {
          throw invalid("no weight " + name);
        }
      }
    }

    private IOException invalid(String why) {
      return new IOException("Cannot load model " + folder.uri() + ": " + why);
    }
  }
}
