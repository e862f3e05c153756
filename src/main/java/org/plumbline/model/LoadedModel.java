package org.plumbline.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.cluster.Lease;

/** A decoder with weights in memory. The manager is capped: whoever adds to it has a leak. */
public final class LoadedModel implements AutoCloseable {
  private final Decoder decoder;
  private final NDArray flat;
  private final Runnable release;
  private PreparedWeights packed;
  private PreparedWeights unpacked;

  private LoadedModel(Decoder decoder, NDArray flat, Runnable release) {
    this.decoder = decoder;
    this.flat = flat;
    this.release = release;
  }

  /**
   * What somebody else has in memory, as it is: nothing is copied.
   *
   * @param release gives it back
   */
  static LoadedModel of(Decoder decoder, NDArray flat, Runnable release) {
    return new LoadedModel(decoder, flat, release);
  }

  /**
   * Loads {@code folder} with {@code head} on top, to compute in float32 on the CPU. Adapters are
   * merged into their base.
   */
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
    return load(new ModelFolder(folder, configuration), head, compute, type, Device.cpu());
  }

  /** The same, on {@code device}. */
  static LoadedModel load(
      ModelFolder folder, Head head, Compute compute, WeightType type, Device device)
      throws IOException {
    Decoder decoder = folder.decoder(head, compute, Optional.empty(), device);
    NDManager manager = decoder.scope();
    try {
      NDArray flat = Weights.load(decoder, folder, manager, type);
      manager.cap();
      return new LoadedModel(
          decoder,
          flat,
          () -> {
            manager.close();
            decoder.close();
          });
    } catch (IOException | RuntimeException e) {
      manager.close();
      decoder.close();
      throw e;
    }
  }

  /**
   * Loads the adapters of {@code folder}, with {@code head} on top, for weights that others use
   * too.
   *
   * @param base holds their base, and is closed with the model
   */
  static LoadedModel load(ModelFolder folder, Head head, Compute compute, Lease<LoadedModel> base)
      throws IOException {
    Device device = base.value().decoder().device();
    NDManager manager = Devices.manager(device);
    Decoder decoder = null;
    try {
      decoder = folder.decoder(head, compute, folder.lora(), device);
      NDArray adapters = AdapterFile.load(decoder, folder, 0, manager);
      manager.cap();
      Decoder adapted = decoder.with(adapters);
      return new LoadedModel(
          adapted,
          base.value().flat(),
          () -> {
            manager.close();
            adapted.close();
            base.close();
          });
    } catch (IOException | RuntimeException e) {
      manager.close();
      if (decoder != null) {
        decoder.close();
      }
      base.close();
      throw e;
    }
  }

  /** The kernels; where {@link #flat} is the base of adapters, with these on. */
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

  /** Gives up what {@link #prepared} made. */
  synchronized void forgetPrepared() {
    if (packed != null) {
      packed.close();
      packed = null;
    }
    if (unpacked != null) {
      unpacked.close();
      unpacked = null;
    }
  }

  @Override
  public void close() {
    forgetPrepared();
    release.run();
  }
}
