package org.plumbline.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.UnaryOperator;
import org.plumbline.checkpoint.CheckpointWriter;
import org.plumbline.model.AdapterFile;
import org.plumbline.model.Decoder;
import org.plumbline.model.Devices;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.OptimizerFile;
import org.plumbline.model.Slice;
import org.plumbline.model.WeightShards;
import org.plumbline.model.WeightType;
import org.plumbline.model.Weights;

/**
 * What one rank writes of a model in training: its share of the weights, and its slice of the
 * moments. Adapters are few, so that rank 0 writes them all.
 */
final class ReplicaPart implements AutoCloseable {
  private final NDManager scope;
  private final Decoder decoder;
  private final int rank;
  private final int world;
  private final long step;
  private final WeightShards shards;
  private final Slice written; // of what is trained
  private final NDArray trained;
  private final Slice slice;
  private final Decoder.AdamState moments;

  /** With views of {@code views}, or what {@code kept} makes of them, which {@code scope} has. */
  private ReplicaPart(
      Replica replica, NDManager views, NDManager scope, UnaryOperator<NDArray> kept) {
    decoder = replica.decoder();
    this.scope = scope;
    rank = replica.rank();
    world = replica.world();
    step = replica.step();
    shards = WeightShards.of(decoder, WeightType.F32, world);
    written = written(replica.trained().size());
    trained = kept.apply(written.of(replica.trained(), views));
    slice = replica.slice();
    moments =
        new Decoder.AdamState(
            trained,
            kept.apply(all(replica.state().mean(), views)),
            kept.apply(all(replica.state().square(), views)));
  }

  /** What sees the memory of {@code replica}, and must be closed before that is. */
  static ReplicaPart of(Replica replica) {
    NDManager views = replica.decoder().scope();
    return new ReplicaPart(replica, views, views, view -> view);
  }

  /**
   * A copy in the CPU's memory, which stays as it is whatever becomes of {@code replica}. Of N
   * ranks it has 12 bytes for each Nth weight.
   */
  static ReplicaPart copy(Replica replica) {
    NDManager host = Devices.host();
    try (NDManager views = replica.decoder().scope()) {
      return new ReplicaPart(replica, views, host, view -> Devices.copy(view, host));
    } catch (RuntimeException | Error e) {
      host.close();
      throw e;
    }
  }

  private static NDArray all(NDArray array, NDManager views) {
    return new Slice(0, array.size()).of(array, views);
  }

  private Slice written(long size) {
    if (decoder.lora().isPresent()) {
      return new Slice(0, rank == 0 ? size : 0);
    }
    return shards.of(rank);
  }

  /**
   * Writes all of it.
   *
   * @param source of the model's description
   * @param uri where {@code writer} writes
   */
  void write(ModelFolder source, String uri, CheckpointWriter writer) throws IOException {
    try (OutputStream out = writer.file(OptimizerFile.name(rank, world))) {
      OptimizerFile.write(decoder, slice, moments, step, out);
    }
    writeModel(source, uri, writer);
  }

  /** Writes all but the moments. */
  void writeModel(ModelFolder source, String uri, CheckpointWriter writer) throws IOException {
    if (rank == 0) {
      source.copyDescription(decoder.head(), WeightType.F32, writer::file);
    }
    if (decoder.lora().isEmpty()) {
      shards.write(rank, trained, writer::file);
    } else if (rank == 0) {
      AdapterFile.write(decoder, trained, source, uri, writer::file);
    }
    // The head lies at the end of what is trained.
    if (decoder.head().hasValues() && written.to() == decoder.trainedSize()) {
      try (OutputStream out = writer.file(Weights.VALUE_FILE)) {
        Weights.writeValueHead(decoder, trained, out);
      }
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
