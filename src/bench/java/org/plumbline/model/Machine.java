package org.plumbline.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/**
 * What this machine does at best, with the calling thread's count of native threads: the measure
 * that a benchmark's figures are shares of. The best of several tries, because whatever else runs
 * only slows it down.
 */
public final class Machine implements AutoCloseable {
  private static final int ROWS = 4096;
  private static final int WIDTH = 2048;

  /** Far more than any cache: 512 MiB of float32. */
  private static final long ELEMENTS = 1L << 27;

  private static final double SECONDS = 2;

  private final NDManager manager = Devices.host();
  private final Kernels kernels = new Kernels(KernelArchive.zip(source()), Device.cpu());

  /**
   * Multiplications and additions a second of a large matrix product in {@code compute}: the faster
   * of oneDNN, with its packing, and PyTorch's own choice.
   */
  public double products(Compute compute) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray x = random(ROWS, compute, scope);
      NDArray w = random(WIDTH, compute, scope);
      double seconds =
          Stream.of("packed", "linear")
              .mapToDouble(way -> best(() -> run(way, x, w)))
              .min()
              .orElseThrow();
      return 2.0 * ROWS * WIDTH * WIDTH / seconds;
    }
  }

  /** Bytes a second read from memory by a sum, or read and written by a copy: the higher. */
  public double bandwidth() {
    try (NDManager scope = manager.newSubManager()) {
      NDArray from = scope.ones(new Shape(ELEMENTS), DataType.FLOAT32);
      NDArray to = scope.zeros(new Shape(ELEMENTS), DataType.FLOAT32);
      double read = best(() -> run("read", from));
      double copy = best(() -> run("copy", to, from));
      return Float.BYTES * ELEMENTS * Math.max(1 / read, 2 / copy);
    }
  }

  private NDArray random(int rows, Compute compute, NDManager scope) {
    NDArray numbers = scope.randomNormal(new Shape(rows, WIDTH));
    return kernels.call("typed", scope).array(numbers).integers(compute.scalarType()).run().get(0);
  }

  private void run(String method, NDArray... arrays) {
    try (NDManager step = manager.newSubManager()) {
      Kernels.Call call = kernels.call(method, step);
      for (NDArray array : arrays) {
        call = call.array(array);
      }
      call.run();
    }
  }

  /** The least seconds that one run takes, after one that is not counted. */
  private static double best(Runnable run) {
    run.run();
    double best = Double.POSITIVE_INFINITY;
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < SECONDS * 1e9) {
      long start = System.nanoTime();
      run.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return best;
  }

  private static String source() {
    try (InputStream in = Machine.class.getResourceAsStream("machine.py")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read machine.py: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    kernels.close();
    manager.close();
  }
}
