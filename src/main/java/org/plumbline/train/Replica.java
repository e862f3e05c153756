package org.plumbline.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Lora;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.ModelLease;
import org.plumbline.model.OptimizerFile;
import org.plumbline.model.Tape;
import org.plumbline.model.Weights;

/**
 * One rank's copy of a model in training: what is trained, the moments of AdamW, and the gradient
 * that grows over micro-batches until an update. Where adapters are trained, the weights stay as
 * they are, and all of a process use the same.
 *
 * <p>Gradients are taken without DJL's collector, which allows one per process: autograd's mode is
 * the thread's own, so several ranks may live in one process.
 */
public final class Replica implements AutoCloseable {
  /** All-reduce this many floats at a time; a buffer must stay below 2 GiB. */
  private static final long BUCKET = 1L << 28;

  private final Decoder decoder;
  private final NDManager manager;
  private final Optional<Lease<LoadedModel>> base;
  private final NDArray trained;
  private final NDArray mean;
  private final NDArray square;
  private final NDArray gradient;
  private final boolean checkpointing;
  private long step;

  private Replica(
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
    this.mean = manager.zeros(trained.getShape(), DataType.FLOAT32);
    this.square = manager.zeros(trained.getShape(), DataType.FLOAT32);
    this.gradient = manager.zeros(trained.getShape(), DataType.FLOAT32);
  }

  /**
   * The model of {@code folder} with a fresh optimizer.
   *
   * @param lora to train adapters, those of the folder or new ones; else all weights are trained,
   *     into which adapters of the folder are merged first
   * @param seed of what is trained, where the folder does not have it
   */
  static Replica begin(
      ModelFolder model, Head head, ModelSettings settings, Optional<Lora> lora, long seed)
      throws IOException {
    Compute compute = Compute.named(settings.compute());
    Decoder decoder = model.decoder(head, compute, lora);
    NDManager manager = NDManager.newBaseManager("PyTorch");
    Optional<Lease<LoadedModel>> base = Optional.empty();
    try {
      NDArray trained =
          lora.isPresent()
              ? AdapterFile.load(decoder, model, seed, manager)
              : weights(decoder, model, seed, manager);
      if (lora.isPresent()) {
        base = Optional.of(ModelLease.base(model, head, compute));
      }
      return new Replica(decoder, manager, trained, base, settings.gradientCheckpointing());
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

  /** The model of a checkpoint with the optimizer that goes with it. */
  static Replica resume(
      ModelFolder checkpoint, Head head, ModelSettings settings, Optional<Lora> lora)
      throws IOException {
    Replica replica = begin(checkpoint, head, settings, lora, 0);
    try {
      replica.step = OptimizerFile.read(replica.decoder, replica.state(), checkpoint);
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

  /**
   * Adds up gradients and figures over the gang and takes one optimizer step. Every rank of the
   * gang must call it, also one that had no examples.
   */
  Update update(Gang gang, Sums sums, double learningRate, OptimizerSettings optimizer)
      throws IOException {
    sums.allReduce(gang);
    allReduce(gang);
    double count = Math.max(sums.count(Update.LOSS), Double.MIN_NORMAL);
    double norm =
        decoder.update(
            state(),
            gradient,
            count,
            new Decoder.AdamStep(
                step + 1,
                learningRate,
                optimizer.maxGradNorm(),
                optimizer.beta1(),
                optimizer.beta2(),
                optimizer.epsilon(),
                optimizer.weightDecay()));
    step++;
    Map<String, Double> means = sums.means();
    means.put("grad_norm", norm);
    means.put("learning_rate", learningRate);
    return new Update(step, means);
  }

  private void allReduce(Gang gang) throws IOException {
    if (gang.world() == 1) {
      return;
    }
    for (long from = 0; from < trained.size(); from += BUCKET) {
      long to = Math.min(from + BUCKET, trained.size());
      try (NDArray bucket = gradient.get(from + ":" + to)) {
        ByteBuffer bytes = bucket.toByteBuffer(true).order(ByteOrder.nativeOrder());
        gang.allReduce(bytes);
      }
    }
  }

  @Override
  public void close() {
    manager.close();
    decoder.close();
    base.ifPresent(Lease::close);
  }
}
