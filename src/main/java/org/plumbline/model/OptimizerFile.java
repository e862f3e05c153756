package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The state of AdamW beside a model: the two moments of every parameter, and the step. */
public final class OptimizerFile {
  /** Its place within a checkpoint. */
  public static final String NAME = "plumbline/optimizer.safetensors";

  private static final String MEAN = "exp_avg.";
  private static final String SQUARE = "exp_avg_sq.";
  private static final String STEP = "step";

  private OptimizerFile() {}

  /** Writes the moments in {@code state} after {@code step} updates. */
  public static void write(Decoder decoder, Decoder.AdamState state, long step, OutputStream out)
      throws IOException {
    List<Safetensors.Tensor> tensors = new ArrayList<>();
    tensors.addAll(Weights.tensors(decoder, state.mean(), MEAN, name -> true));
    tensors.addAll(Weights.tensors(decoder, state.square(), SQUARE, name -> true));
    // float32 counts exactly to 16 million
    ByteBuffer count = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(step).flip();
    tensors.add(new Safetensors.Tensor(STEP, new long[] {1}, count));
    Safetensors.write(out, tensors);
  }

  /**
   * Reads the moments beside the model in {@code folder} into {@code state}.
   *
   * @return the number of updates taken so far
   */
  public static long read(Decoder decoder, Decoder.AdamState state, ModelFolder folder)
      throws IOException {
    Reader reader = new Reader(decoder, state);
    try (InputStream in = folder.open(NAME)) {
      Safetensors.read(in, folder.uri() + "/" + NAME, reader);
    }
    return reader.step;
  }

  private static final class Reader implements Safetensors.Sink {
    private final Decoder decoder;
    private final Decoder.AdamState state;
    private long step;

    Reader(Decoder decoder, Decoder.AdamState state) {
      this.decoder = decoder;
      this.state = state;
    }

    @Override
    public boolean accepts(Safetensors.Entry entry) throws IOException {
      if (!entry.name().equals(STEP) && slot(entry) == null) {
        throw new IOException("Cannot load optimizer: unknown parameter " + entry.name());
      }
      return true;
    }

    @Override
    public void values(Safetensors.Entry entry, long offset, float[] values, int count) {
      if (entry.name().equals(STEP)) {
        step = (long) values[0];
        return;
      }
      NDArray array = entry.name().startsWith(SQUARE) ? state.square() : state.mean();
      slot(entry).bytes(array).asFloatBuffer().position((int) offset).put(values, 0, count);
    }

    private Layout.Slot slot(Safetensors.Entry entry) {
      String prefix = entry.name().startsWith(SQUARE) ? SQUARE : MEAN;
      String name =
          entry.name().startsWith(prefix) ? entry.name().substring(prefix.length()) : entry.name();
      return decoder.layout().slots().get(name);
    }
  }
}
