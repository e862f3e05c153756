package org.plumbline.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.SparkConf;

/** A gang whose ranks are threads of this JVM, with a rendezvous of their own. */
final class LocalRing implements AutoCloseable {
  static final String HOST = "127.0.0.1";

  final Rendezvous rendezvous;
  private final int world;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** What a rank does, once it has joined. */
  interface Part<T> {
    T run(RingGang gang) throws Exception;
  }

  LocalRing(int world, GangOptions options, SparkConf conf) {
    this.world = world;
    this.rendezvous = new Rendezvous(GangKey.draw(conf), world, options, HOST, HOST);
  }

  LocalRing(int world, Duration deadline, SparkConf conf) {
    this(world, new GangOptions(deadline, Wire.FLOAT32), conf);
  }

  LocalRing(int world) {
    this(world, Duration.ofSeconds(10), new SparkConf(false));
  }

  static Seat seat(int rank, int attempt) {
    return new Seat(rank, attempt, HOST, HOST);
  }

  RingGang join(int rank, int attempt) throws IOException {
    return RingGang.join(rendezvous.ticket(), seat(rank, attempt), () -> false);
  }

  /** Runs {@code part} as {@code rank} in a thread of its own. */
  <T> Future<T> start(int rank, int attempt, Part<T> part) {
    return threads.submit(
        () -> {
          try (RingGang gang = join(rank, attempt)) {
            return part.run(gang);
          }
        });
  }

  /** Runs {@code part} as every rank of attempt 0. */
  <T> List<T> all(Part<T> part) throws Exception {
    List<Future<T>> futures = new ArrayList<>();
    for (int rank = 0; rank < world; rank++) {
      futures.add(start(rank, 0, part));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(future.get());
    }
    return results;
  }

  static ByteBuffer direct(float... values) {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
    buffer.asFloatBuffer().put(values);
    return buffer;
  }

  static float[] floats(ByteBuffer buffer) {
    FloatBuffer view = buffer.asFloatBuffer();
    float[] values = new float[view.remaining()];
    view.get(values);
    return values;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    rendezvous.close();
  }
}
