package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The state of AdamW beside a model: the two moments of every trained parameter, and the step. */
public final class OptimizerFile {
  /** Its place within a checkpoint. */
  public static final String NAME = "plumbline/optimizer.safetensors";

  private static final String MEAN = "exp_avg.";
  private static final String SQUARE = "exp_avg_sq.";
  private static final String STEP = "step";
  private static final long[] SCALAR = {1};

  private OptimizerFile() {}

  /** Writes the moments in {@code state} after {@code step} updates. */
  public static void write(Decoder decoder, Decoder.AdamState state, long step, OutputStream out)
      throws IOException {
    List<Safetensors.Tensor> tensors = new ArrayList<>();
    tensors.addAll(Weights.tensors(decoder.trained(), state.mean(), MEAN, name -> true));
    tensors.addAll(Weights.tensors(decoder.trained(), state.square(), SQUARE, name -> true));
    // float32 counts exactly to 16 million
    ByteBuffer count = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(step).flip();
    tensors.add(new Safetensors.Tensor(STEP, SCALAR, count));
    Safetensors.write(out, tensors);
  }

  /**
   * Reads the moments beside the model in {@code folder} into {@code state}.
   *
   * @return the number of updates taken so far
   * @throws IOException if a moment is missing, unknown or of another shape
   */
  public static long read(Decoder decoder, Decoder.AdamState state, ModelFolder folder)
      throws IOException {
    Reader reader = new Reader(decoder, folder, state);
    reader.read();
    return reader.step;
  }

  private static final class Reader implements Safetensors.Sink {
    private final Decoder decoder;
    private final ModelFolder folder;
    private final Map<String, NDArray> moments;
    private final Set<String> missing = new LinkedHashSet<>();
    private long step;

    Reader(Decoder decoder, ModelFolder folder, Decoder.AdamState state) {
      this.decoder = decoder;
      this.folder = folder;
      this.moments = Map.of(MEAN, state.mean(), SQUARE, state.square());
      for (String parameter : decoder.trained().slots().keySet()) {
        missing.add(MEAN + parameter);
        missing.add(SQUARE + parameter);
      }
      missing.add(STEP);
    }

    void read() throws IOException {
      try (InputStream in = folder.open(NAME)) {
        Safetensors.read(in, folder.uri() + "/" + NAME, this);
      }
      if (!missing.isEmpty()) {
        throw invalid("no " + missing.iterator().next());
      }
    }

    @Override
    public boolean accepts(Safetensors.Entry entry) throws IOException {
      if (!missing.remove(entry.name())) {
        throw invalid("unknown parameter " + entry.name());
      }
      long[] shape = entry.name().equals(STEP) ? SCALAR : slot(entry).parameter().shape();
      if (!Arrays.equals(shape, entry.shape())) {
        throw invalid(
            "%s has shape %s (must be %s)"
                .formatted(entry.name(), Arrays.toString(entry.shape()), Arrays.toString(shape)));
      }
      return true;
    }

    @Override
    public void values(Safetensors.Entry entry, long offset, float[] values, int count) {
      if (entry.name().equals(STEP)) {
        step = (long) values[0];
        return;
      }
      NDArray array = moments.get(prefix(entry));
      slot(entry).bytes(array).asFloatBuffer().position((int) offset).put(values, 0, count);
    }

    private Layout.Slot slot(Safetensors.Entry entry) {
      return decoder.trained().slots().get(entry.name().substring(prefix(entry).length()));
    }

    private static String prefix(Safetensors.Entry entry) {
      return entry.name().startsWith(SQUARE) ? SQUARE : MEAN;
    }

    private IOException invalid(String why) {
      return new IOException("Cannot load optimizer of " + folder.uri() + ": " + why);
    }
  }
}
