package org.plumbline.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * The compiled kernels of one decoder. It holds no weights, but for adapters that are on: every
 * call is given the flat array, so a policy, its reference and its next version can share one
 * decoder. Safe for many threads.
 *
 * <p>Shapes: B rows, T tokens. Ids are int64, right-padded; what stands in the padding does not
 * matter. Results belong to the manager of {@code ids}.
 */
public final class Decoder implements AutoCloseable {
  private final Architecture architecture;
  private final Head head;
  private final Compute compute;
  private final Layout layout;
  private final Adapters adapters;
  private final Layout trained;
  private final Kernels kernels;
  private final Device device;
  private final Optional<NDArray> switchedOn;

  /**
   * Compiles the kernels for a {@code config.json}, to compute in float32 on the CPU.
   *
   * @param where named in errors
   */
  public Decoder(JsonNode config, Head head, String where) {
    this(config, head, Compute.FLOAT32, where);
  }

  /** The same, with products in {@code compute}. */
  public Decoder(JsonNode config, Head head, Compute compute, String where) {
    this(config, head, compute, Optional.empty(), where);
  }

  /** The same, for weights that {@code lora} adapts. */
  public Decoder(JsonNode config, Head head, Compute compute, Optional<Lora> lora, String where) {
    this(config, head, compute, lora, Device.cpu(), where);
  }

  /** The same, for arrays on {@code device}: all that it is given, and all that it makes. */
  Decoder(
      JsonNode config,
      Head head,
      Compute compute,
      Optional<Lora> lora,
      Device device,
      String where) {
    this.architecture = Architecture.of(config, where);
    this.head = head;
    this.compute = compute;
    this.layout = new Layout(architecture, head);
    this.adapters = new Adapters(architecture, head, lora);
    this.trained = lora.isPresent() ? new Layout(adapters.blocks()) : layout;
    this.device = device;
    this.kernels =
        new Kernels(KernelArchive.of(architecture, head, adapters, compute, device), device);
    this.switchedOn = Optional.empty();
  }

  private Decoder(Decoder other, NDArray adapters) {
    this.architecture = other.architecture;
    this.head = other.head;
    this.compute = other.compute;
    this.layout = other.layout;
    this.adapters = other.adapters;
    this.trained = other.trained;
    this.kernels = other.kernels;
    this.device = other.device;
    this.switchedOn = Optional.of(adapters);
  }

  /**
   * This decoder with adapters on: its calls are given the same flat array and add what {@code
   * adapters} make of it, and take the head from there. Both share their kernels, so only one of
   * them is to be closed.
   *
   * @param adapters flat, of {@link #trainedSize()} elements
   */
  public Decoder with(NDArray adapters) {
    if (lora().isEmpty() || adapters.size() != trainedSize()) {
      throw new IllegalArgumentException(
          "Cannot adapt a decoder with %d numbers (it takes %d)"
              .formatted(adapters.size(), lora().isEmpty() ? 0 : trainedSize()));
    }
    return new Decoder(this, adapters);
  }

  /**
   * Readies the calling thread: how many native threads it uses, and no re-specialising of kernels
   * for every new shape, which costs more than it gains.
   */
  public static void prepareThread(int threads) {
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(threads);
    JniUtils.setGraphExecutorOptimize(false);
  }

  /** What sits on the trunk. */
  public Head head() {
    return head;
  }

  /** The type of its products. */
  Compute compute() {
    return compute;
  }

  /** Where it computes. */
  public Device device() {
    return device;
  }

  /** A manager of arrays that its calls can be given; the caller closes it. */
  public NDManager scope() {
    return Devices.manager(device);
  }

  /** Tokens that prompt and response may have together. */
  public int context() {
    return architecture.shape().context().tokens();
  }

  /** Token ids are below this. */
  public int vocabulary() {
    return architecture.shape().vocabulary();
  }

  /** Elements of the flat array of weights. */
  public long size() {
    return layout.size();
  }

  /** What its weights are adapted by, if they are. */
  public Optional<Lora> lora() {
    return adapters.lora();
  }

  /** Elements of the flat array that is trained: of adapters and head, or else of all weights. */
  public long trainedSize() {
    return trained.size();
  }

  Layout layout() {
    return layout;
  }

  /** Where parameters lie in the array that is trained. */
  Layout trained() {
    return trained;
  }

  Architecture architecture() {
    return architecture;
  }

  Kernels kernels() {
    return kernels;
  }

  /**
   * Log-probabilities of response tokens, in nats.
   *
   * @param temperature divides the logits; &gt; 0
   * @return [B, T - 1]; entry t belongs to token t + 1; 0 where that is no response token
   * @throws IllegalStateException if a score head stands in for the language-model head
   */
  public NDArray logprobs(NDArray flat, TokenBatch batch, double temperature) {
    requireLmHead();
    return call("logprobs", flat, batch.ids())
        .array(batch.responsePlaces())
        .number(temperature)
        .run()
        .get(0);
  }

  /**
   * Log-probabilities, entropies and values, of response tokens.
   *
   * @param temperature divides the logits; &gt; 0
   * @throws IllegalStateException if there is no value head
   */
  public PolicyOutputs policy(NDArray flat, TokenBatch batch, double temperature) {
    require(Head.VALUE);
    NDList outputs =
        call("policy", flat, batch.ids()).array(batch.responsePlaces()).number(temperature).run();
    return new PolicyOutputs(outputs.get(0), outputs.get(1), outputs.get(2));
  }

  /**
   * Values before each response token; the vocabulary is left alone, so a critic of its own costs
   * no more than its trunk.
   *
   * @return [B, T - 1]; 0 where no response token follows
   * @throws IllegalStateException if there is no value head
   */
  public NDArray values(NDArray flat, TokenBatch batch) {
    requireValues();
    return call("values", flat, batch.ids()).array(batch.responsePlaces()).run().get(0);
  }

  /**
   * Scores of the reward head at the last token of each row.
   *
   * @return [B]
   * @throws IllegalStateException if there is no score head
   */
  public NDArray scores(NDArray flat, TokenBatch batch) {
    require(Head.SCORE);
    return call("scores", flat, batch.ids()).array(batch.last()).run().get(0);
  }

  /**
   * Logits of the next token at every position.
   *
   * @param ids [B, T]
   * @return [B, T, V]
   * @throws IllegalStateException if a score head stands in for the language-model head
   */
  public NDArray logits(NDArray flat, NDArray ids) {
    requireLmHead();
    return call("forward_logits", flat, ids).run().get(0);
  }

  /**
   * Adds to {@code flat} itself what adapters do that are on, and puts their head where it has room
   * for one, so that it does without them what it did with them.
   */
  void merge(NDArray flat) {
    try (NDManager scope = scope()) {
      call("merge", flat, scope).run();
    }
  }

  /**
   * One AdamW step in place, after dividing {@code gradient} by {@code count} and clipping its
   * norm; the gradient is zero afterwards. A step whose norm is not finite changes no weight.
   *
   * @return the norm of the gradient before clipping
   */
  public double update(AdamState state, NDArray gradient, double count, AdamStep step) {
    double norm = average(gradient, count);
    step(state, gradient, norm, step);
    clear(gradient);
    return norm;
  }

  /**
   * Divides {@code gradient}, or a part of it, by {@code count}, in place.
   *
   * @return its norm then
   */
  public double average(NDArray gradient, double count) {
    try (NDManager scope = scope()) {
      return kernels.call("average", scope).array(gradient).number(count).run().get(0).getDouble();
    }
  }

  /**
   * One AdamW step in place (Loshchilov and Hutter 2019, arXiv:1711.05101) on all that is trained,
   * or on the same part of everything. Nothing changes if {@code norm} is not finite.
   *
   * @param norm of the whole gradient, which is clipped by it
   */
  public void step(AdamState state, NDArray gradient, double norm, AdamStep step) {
    if (!Double.isFinite(norm)) {
      return;
    }
    try (NDManager scope = scope()) {
      double[] numbers = {
        step.number(),
        norm,
        step.maxGradNorm(),
        step.learningRate(),
        step.beta1(),
        step.beta2(),
        step.epsilon(),
        step.weightDecay()
      };
      kernels
          .call("adamw", scope)
          .list(new NDList(state.flat()))
          .list(new NDList(gradient))
          .list(new NDList(state.mean()))
          .list(new NDList(state.square()))
          .numbers(numbers)
          .run();
    }
  }

  /** Empties {@code gradient}. */
  public void clear(NDArray gradient) {
    try (NDManager scope = scope()) {
      kernels.call("clear", scope).array(gradient).run();
    }
  }

  /** Log-probabilities, entropies (nats) and values, each [B, T - 1]; entry t is of token t + 1. */
  public record PolicyOutputs(NDArray logprobs, NDArray entropy, NDArray values) {}

  /** Weights and the two moments of their gradient, each flat, all or the same part of each. */
  public record AdamState(NDArray flat, NDArray mean, NDArray square) {}

  /** What one optimizer step is taken with; {@code number} counts from 1. */
  public record AdamStep(
      long number,
      double learningRate,
      double maxGradNorm,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay) {}

  /** Without its head the kernel would have nothing to work with. */
  void require(Head wanted) {
    if (head != wanted) {
      throw new IllegalStateException(
          "Cannot use head %s: the decoder has %s".formatted(wanted, head));
    }
  }

  void requireValues() {
    if (!head.hasValues()) {
      throw new IllegalStateException(
          "Cannot use head %s: the decoder has %s".formatted(Head.VALUE, head));
    }
  }

  /** Beyond its context a decoder has no positions, or other attention than the model's. */
  void requireRoom(NDArray ids) {
    Context context = architecture.shape().context();
    long tokens = ids.getShape().get(1);
    if (tokens > context.tokens()) {
      throw new IllegalArgumentException(
          "Cannot take in %d tokens: the context has %s".formatted(tokens, context));
    }
  }

  /** Without it the kernels would take the token embedding for it. */
  void requireLmHead() {
    if (head.replacesLmHead()) {
      throw new IllegalStateException(
          "Cannot predict tokens: head %s stands in for the language-model head".formatted(head));
    }
  }

  private Kernels.Call call(String method, NDArray flat, NDArray ids) {
    requireRoom(ids);
    return call(method, flat, ids.getManager()).array(ids);
  }

  /** The call of a kernel that takes weights and adapters. */
  Kernels.Call call(String method, NDArray flat, NDManager scope) {
    Kernels.Call call = kernels.call(method, scope).array(flat);
    return switchedOn.map(call::array).orElseGet(call::none);
  }

  @Override
  public void close() {
    kernels.close();
  }
}
