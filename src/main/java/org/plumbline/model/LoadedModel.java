package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** A decoder with weights in memory. The manager is capped: whoever adds to it has a leak. */
public final class LoadedModel implements AutoCloseable {
  private final Decoder decoder;
  private final NDManager manager;
  private final NDArray flat;
  private PreparedWeights packed;
  private PreparedWeights unpacked;

  private LoadedModel(Decoder decoder, NDManager manager, NDArray flat) {
    this.decoder = decoder;
    this.manager = manager;
    this.flat = flat;
    manager.cap();
  }

  /** Loads {@code folder} with {@code head} on top, to compute in float32. */
  public static LoadedModel load(String folder, Head head, Configuration configuration)
      throws IOException {
    return load(folder, head, Compute.FLOAT32, configuration);
  }

  /** The same, with products in {@code compute}. */
  public static LoadedModel load(
      String folder, Head head, Compute compute, Configuration configuration) throws IOException {
    return load(folder, head, compute, WeightType.F32, configuration);
  }

  /** The same, with weights of {@code type} in memory. */
  public static LoadedModel load(
      String folder, Head head, Compute compute, WeightType type, Configuration configuration)
      throws IOException {
    ModelFolder model = new ModelFolder(folder, configuration);
    Decoder decoder = model.decoder(head, compute);
    NDManager manager = NDManager.newBaseManager("PyTorch");
    try {
      return new LoadedModel(decoder, manager, Weights.load(decoder, model, manager, type));
    } catch (IOException | RuntimeException e) {
      manager.close();
      decoder.close();
      throw e;
    }
  }

  /** The kernels. */
  public Decoder decoder() {
    return decoder;
  }

  /** The weights, one flat array. */
  public NDArray flat() {
    return flat;
  }

  /**
   * The weights as generation of so many {@code rows} side by side takes them; made by whoever asks
   * first, and kept as long as the model.
   */
  synchronized PreparedWeights prepared(int rows) {
    if (packed == null && PreparedWeights.worthPacking(decoder, rows)) {
      packed = PreparedWeights.of(decoder, flat, true);
    }
    if (packed != null) {
      return packed;
    }
    if (unpacked == null) {
      unpacked = PreparedWeights.of(decoder, flat, false);
    }
    return unpacked;
  }

  @Override
  public void close() {
    if (packed != null) {
      packed.close();
    }
    if (unpacked != null) {
      unpacked.close();
    }
    manager.close();
    decoder.close();
  }
}
