package org.plumbline.model;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * The compiled kernels of one decoder. It holds no weights: every call is given the flat array, so
 * a policy, its reference and its next version can share one decoder. Safe for many threads.
 *
 * <p>Shapes: B rows, T tokens, P prompt tokens, N new tokens. Ids are int64, right-padded unless
 * said otherwise; what stands in the padding does not matter. Results belong to the manager of
 * {@code ids}.
 */
public final class Decoder implements AutoCloseable {
  private final Architecture architecture;
  private final Head head;
  private final Layout layout;
  private final Kernels kernels;

  /**
   * Compiles the kernels for a {@code config.json}, to compute in float32.
   *
   * @param where named in errors
   */
  public Decoder(JsonNode config, Head head, String where) {
    this(config, head, Compute.FLOAT32, where);
  }

  /** The same, with products in {@code compute}. */
  public Decoder(JsonNode config, Head head, Compute compute, String where) {
    this.architecture = Architecture.of(config, where);
    this.head = head;
    this.layout = new Layout(architecture, head);
    this.kernels = new Kernels(KernelArchive.of(architecture, head, compute));
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

  /** Tokens that prompt and response may have together. */
  public int context() {
    return architecture.shape().context();
  }

  /** Elements of the flat array of weights. */
  public long size() {
    return layout.size();
  }

  Layout layout() {
    return layout;
  }

  Architecture architecture() {
    return architecture;
  }

  Kernels kernels() {
    return kernels;
  }

  /**
   * A copy of the weights in bfloat16, half the size, for everything but training. It is opaque:
   * DJL has no such type, and the process ends if it is asked for it.
   */
  public NDArray rounded(NDArray flat, NDManager owner) {
    return kernels.call("rounded", owner).array(flat).run().get(0);
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
    require(Head.VALUE);
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
   * Continues prompts, all in one call.
   *
   * @param ids [B, P], left-padded
   * @param pads [B], how many places in front of each row are unused
   * @param uniforms [B, N] in [0, 1): what each new token is drawn with
   * @param stops ids that end a completion
   * @param temperature divides the logits; 0 takes the most probable token
   * @return [B, N], -1 after a row's first stop token
   * @throws IllegalStateException if a score head stands in for the language-model head
   */
  public NDArray generate(
      NDArray flat,
      NDArray ids,
      NDArray pads,
      NDArray uniforms,
      NDArray stops,
      double temperature) {
    requireLmHead();
    return call("generate", flat, ids)
        .array(pads)
        .array(uniforms)
        .array(stops)
        .number(temperature)
        .run()
        .get(0);
  }

  /**
   * One AdamW step in place (Loshchilov and Hutter 2019, arXiv:1711.05101), after dividing {@code
   * gradient} by {@code count} and clipping its norm; the gradient is zero afterwards. A step whose
   * norm is not finite changes no weight.
   *
   * @return the norm of the gradient before clipping
   */
  public double update(AdamState state, NDArray gradient, double count, AdamStep step) {
    try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
      double[] numbers = {
        step.number(),
        count,
        step.maxGradNorm(),
        step.learningRate(),
        step.beta1(),
        step.beta2(),
        step.epsilon(),
        step.weightDecay()
      };
      return kernels
          .call("update", scope)
          .list(new NDList(state.flat()))
          .list(new NDList(gradient))
          .list(new NDList(state.mean()))
          .list(new NDList(state.square()))
          .array(scope.create(numbers))
          .run()
          .get(0)
          .getDouble();
    }
  }

  /** Log-probabilities, entropies (nats) and values, each [B, T - 1]; entry t is of token t + 1. */
  public record PolicyOutputs(NDArray logprobs, NDArray entropy, NDArray values) {}

  /** Weights and the two moments of their gradient, each flat. */
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

  /** Without it the kernels would take the token embedding for it. */
  void requireLmHead() {
    if (head.replacesLmHead()) {
      throw new IllegalStateException(
          "Cannot predict tokens: head %s stands in for the language-model head".formatted(head));
    }
  }

  private Kernels.Call call(String method, NDArray flat, NDArray ids) {
    return kernels.call(method, ids.getManager()).array(flat).array(ids);
  }

  @Override
  public void close() {
    kernels.close();
  }
}
