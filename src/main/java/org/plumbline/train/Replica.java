package org.plumbline.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plumbline.cluster.Gang;
import org.plumbline.cluster.Lease;
import org.plumbline.config.ModelSettings;
import org.plumbline.config.OptimizerSettings;
import org.plumbline.model.AdapterFile;
import org.plumbline.model.Compute;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.HostMemory;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Lora;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.ModelLease;
import org.plumbline.model.OptimizerFile;
import org.plumbline.model.Slice;
import org.plumbline.model.Tape;
import org.plumbline.model.Weights;

/**
 * One rank's copy of a model in training: what is trained, the gradient that grows over
 * micro-batches until an update, and the rank's slice of the moments of AdamW. Where adapters are
 * trained, the weights stay as they are, and all of a process use the same.
 *
 * <p>An update sums each slice of the gradient for the rank that has it, which takes the step on
 * that slice of what is trained, and then gives it to all (ZeRO stage 1, Rajbhandari et al. 2020,
 * arXiv:1910.02054): as many bytes travel as if all summed everything, and each rank of N keeps an
 * Nth of the moments.
 *
 * <p>Gradients are taken without DJL's collector, which allows one per process: autograd's mode is
 * the thread's own, so several ranks may live in one process.
 */
public final class Replica implements AutoCloseable {
  /** So many floats of each slice travel at a time; a buffer must stay below 2 GiB. */
  private static final long PIECE = 1L << 28;

  private final Decoder decoder;
  private final NDManager manager;
  private final Optional<Lease<LoadedModel>> base;
  private final NDArray trained;
  private final int world;
  private int rank;
  private Slice slice;
  private NDArray mean;
  private NDArray square;
  private NDArray gradient; // null while the replica rests
  private final boolean checkpointing;
  private long step;
  private int skipped; // in a row

  private Replica(
      Gang gang,
      Decoder decoder,
      NDManager manager,
      NDArray trained,
      Optional<Lease<LoadedModel>> base,
      boolean checkpointing) {
    this.decoder = base.isPresent() ? decoder.with(trained) : decoder;
    this.manager = manager;
    this.trained = trained;
    this.base = base;
    this.checkpointing = checkpointing;
    this.world = gang.world();
    this.rank = gang.rank();
    this.slice = Slice.of(trained.size(), rank, world);
    this.mean = manager.zeros(new Shape(slice.size()), DataType.FLOAT32);
    this.square = manager.zeros(new Shape(slice.size()), DataType.FLOAT32);
    wake();
  }

  /**
   * The model of {@code folder} with a fresh optimizer.
   *
   * @param gang says which slice of the optimizer is its own
   * @param lora to train adapters, those of the folder or new ones; else all weights are trained,
   *     into which adapters of the folder are merged first
   * @param seed of what is trained, where the folder does not have it
   * @param device where it is
   */
  static Replica begin(
      Gang gang,
      ModelFolder model,
      Head head,
      ModelSettings settings,
      Optional<Lora> lora,
      long seed,
      Device device)
      throws IOException {
    Compute compute = Compute.named(settings.compute());
    Decoder decoder = model.decoder(head, compute, lora, device);
    NDManager manager = decoder.scope();
    Optional<Lease<LoadedModel>> base = Optional.empty();
    try {
      NDArray trained =
          lora.isPresent()
              ? AdapterFile.load(decoder, model, seed, manager)
              : weights(decoder, model, seed, manager);
      if (lora.isPresent()) {
        base = Optional.of(ModelLease.base(model, head, compute, device));
      }
      return new Replica(gang, decoder, manager, trained, base, settings.gradientCheckpointing());
    } catch (IOException | RuntimeException e) {
      base.ifPresent(Lease::close);
      manager.close();
      decoder.close();
      throw e;
    }
  }

  private static NDArray weights(Decoder decoder, ModelFolder model, long seed, NDManager manager)
      throws IOException {
    return model.isAdapter() || model.hasWeights()
        ? Weights.load(decoder, model, manager)
        : Weights.initial(decoder, seed, manager);
  }

  /** The model of a checkpoint with the optimizer that goes with it, of any number of ranks. */
  static Replica resume(
      Gang gang,
      ModelFolder checkpoint,
      Head head,
      ModelSettings settings,
      Optional<Lora> lora,
      Device device)
      throws IOException {
    Replica replica = begin(gang, checkpoint, head, settings, lora, 0, device);
    try {
      replica.step =
          OptimizerFile.read(replica.decoder, replica.slice, replica.state(), checkpoint);
      return replica;
    } catch (IOException | RuntimeException e) {
      replica.close();
      throw e;
    }
  }

  /** The kernels, with adapters on if these are trained. */
  public Decoder decoder() {
    return decoder;
  }

  /** The weights; trained, unless adapters are. */
  public NDArray flat() {
    return base.map(lease -> lease.value().flat()).orElse(trained);
  }

  /** What is trained: all weights, or adapters and head. */
  NDArray trained() {
    return trained;
  }

  /** Updates taken since the optimizer was fresh. */
  public long step() {
    return step;
  }

  /** Whose slice of the moments it has. */
  int rank() {
    return rank;
  }

  /** The part of what is trained that it has the moments of. */
  Slice slice() {
    return slice;
  }

  /** Among how many ranks the moments are cut. */
  int world() {
    return world;
  }

  /** Gives back the memory that only steps need. */
  void rest() {
    gradient.close();
    gradient = null;
  }

  /** Makes ready for steps. */
  void wake() {
    gradient = manager.zeros(trained.getShape(), DataType.FLOAT32);
  }

  /**
   * Hands moments round the gang until every rank has those of its own slice: Spark places a
   * stage's tasks as it likes.
   *
   * @param holders the rank that has slice i
   */
  void reseat(Gang gang, List<Integer> holders) throws IOException {
    NDArray newMean = mean;
    NDArray newSquare = square;
    for (int i = 0; i < world; i++) {
      int holder = holders.get(i);
      if (holder == i) {
        continue;
      }
      Slice moved = Slice.of(trained.size(), i, world);
      boolean mine = i == gang.rank();
      NDArray movedMean = hand(gang, moved, holder, mean);
      NDArray movedSquare = hand(gang, moved, holder, square);
      if (mine) {
        newMean = movedMean;
        newSquare = movedSquare;
      } else if (holder != gang.rank()) {
        movedMean.close();
        movedSquare.close();
      }
    }
    if (newMean != mean) {
      mean.close();
      square.close();
      mean = newMean;
      square = newSquare;
    }
    rank = gang.rank();
    slice = Slice.of(trained.size(), rank, world);
  }

  /** The moments of {@code moved} as {@code holder} has them: its own array on that rank. */
  private NDArray hand(Gang gang, Slice moved, int holder, NDArray held) throws IOException {
    NDArray moments =
        holder == gang.rank() ? held : manager.zeros(new Shape(moved.size()), DataType.FLOAT32);
    for (long begin = 0; begin < moved.size(); begin += PIECE) {
      try (HostMemory host = new HostMemory()) {
        Slice all = new Slice(0, moved.size());
        gang.broadcast(host.of(all.part(begin, PIECE), moments), holder);
        host.putBack();
      }
    }
    return moments;
  }

  /** Passes a step that there is nothing to learn in. */
  void pass() {
    step++;
  }

  /** Takes over moments that {@link #writeOptimizer} wrote to {@code name} of {@code folder}. */
  void readOptimizer(ModelFolder folder, String name) throws IOException {
    step = OptimizerFile.read(decoder, slice, state(), folder, name);
  }

  /** Writes the rank's slice of the moments. */
  void writeOptimizer(OutputStream out) throws IOException {
    OptimizerFile.write(decoder, slice, state(), step, out);
  }

  /** With all that is trained, whatever the slice of the moments. */
  Decoder.AdamState state() {
    return new Decoder.AdamState(trained, mean, square);
  }

  /**
   * Adds the gradient of {@code objective} on {@code examples}, a micro-batch, to what is there.
   */
  <E> void accumulate(Objective<E> objective, List<E> examples, Sums sums) {
    JniUtils.setGradMode(true);
    try (NDManager scope = manager.newSubManager()) {
      Tape tape = new Tape(decoder, flat(), gradient, scope, checkpointing);
      LossSum sum = objective.loss(tape, scope, examples, sums);
      sums.add(Update.LOSS, sum.loss().getFloat(), sum.count());
      tape.backward(sum.loss());
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  /** Adds what {@code objective} finds of {@code examples} to {@code sums}, and no gradient. */
  <E> void evaluate(Objective<E> objective, List<E> examples, Sums sums) {
    JniUtils.setGradMode(false);
    try (NDManager scope = manager.newSubManager()) {
      LossSum sum = objective.loss(Tape.forward(decoder, flat(), scope), scope, examples, sums);
      sums.add(Update.LOSS, sum.loss().getFloat(), sum.count());
    }
  }

  /**
   * Adds up gradients and figures over the gang and takes one optimizer step. Every rank of the
   * gang must call it, also one that had no examples.
   *
   * <p>A step whose gradient is not finite leaves weights and moments as they are; its figures have
   * {@code skipped}. All ranks see the same norm, so all skip the same steps.
   *
   * @throws IllegalStateException if too many steps in a row were skipped
   */
  Update update(Gang gang, Sums sums, double learningRate, OptimizerSettings optimizer)
      throws IOException {
    sums.gather(gang);
    bySlices(gradient, gang::reduceScatter);
    double count = Math.max(sums.count(Update.LOSS), Double.MIN_NORMAL);
    double norm;
    try (NDManager scope = decoder.scope()) {
      NDArray mine = slice.of(gradient, scope);
      norm = norm(gang, decoder.average(mine, count));
      if (Double.isFinite(norm)) {
        decoder.step(
            new Decoder.AdamState(slice.of(trained, scope), mean, square),
            mine,
            norm,
            adamStep(learningRate, optimizer));
      }
    }
    decoder.clear(gradient);
    step++;
    Map<String, Double> means = sums.means();
    if (Double.isFinite(norm)) {
      skipped = 0;
      bySlices(trained, gang::allGather);
    } else {
      means.put("skipped", 1.0);
      skip(means.get(Update.LOSS), norm, optimizer.maxSkippedSteps());
    }
    means.put("grad_norm", norm);
    means.put("learning_rate", learningRate);
    return new Update(step, means);
  }

  private Decoder.AdamStep adamStep(double learningRate, OptimizerSettings optimizer) {
    return new Decoder.AdamStep(
        step + 1,
        learningRate,
        optimizer.maxGradNorm(),
        optimizer.beta1(),
        optimizer.beta2(),
        optimizer.epsilon(),
        optimizer.weightDecay());
  }

  private void skip(double loss, double norm, int most) {
    skipped++;
    if (skipped > most) {
      throw new IllegalStateException(
          ("Cannot train on: the gradient was not finite in %d steps in a row, up to step %d (loss %s,"
                  + " gradient norm %s); a lower learning rate or max-grad-norm, or float32, may help")
              .formatted(skipped, step, loss, norm));
    }
  }

  /** What a gang does with the slices of all ranks. */
  private interface Exchange {
    void of(List<ByteBuffer> slices) throws IOException;
  }

  private void bySlices(NDArray flat, Exchange exchange) throws IOException {
    if (world == 1) {
      return;
    }
    for (long begin = 0; begin * world < flat.size(); begin += PIECE) {
      try (HostMemory host = new HostMemory()) {
        List<ByteBuffer> slices = new ArrayList<>();
        for (int rank = 0; rank < world; rank++) {
          slices.add(host.of(Slice.of(flat.size(), rank, world).part(begin, PIECE), flat));
        }
        exchange.of(slices);
        host.putBack();
      }
    }
  }

  /** The norm of the whole from that of every slice. */
  private static double norm(Gang gang, double ofSlice) throws IOException {
    if (gang.world() == 1) {
      return ofSlice;
    }
    double sum = 0;
    for (byte[] each : gang.exchange(ByteBuffer.allocate(8).putDouble(ofSlice).array())) {
      double norm = ByteBuffer.wrap(each).getDouble();
      sum += norm * norm;
    }
    return Math.sqrt(sum);
  }

  @Override
  public void close() {
    if (!manager.isOpen()) {
      return;
    }
    manager.close();
    decoder.close();
    base.ifPresent(Lease::close);
  }
}
