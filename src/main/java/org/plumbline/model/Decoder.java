package org.plumbline.model;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

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
  private final NDManager manager;
  private final PtSymbolBlock kernels;

  /**
   * Compiles the kernels for a {@code config.json}.
   *
   * @param where named in errors
   */
  public Decoder(JsonNode config, Head head, String where) {
    this.architecture = Architecture.of(config, where);
    this.head = head;
    this.layout = new Layout(architecture, head);
    // The engine must be up before any other native call.
    Engine.getEngine("PyTorch");
    this.manager = NDManager.newBaseManager("PyTorch");
    try {
      this.kernels =
          JniUtils.loadModule(
              (PtNDManager) manager,
              new ByteArrayInputStream(KernelArchive.of(architecture, head)),
              false,
              false);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot compile kernels: " + e.getMessage(), e);
    }
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

  /**
   * Log-probabilities of response tokens, in nats.
   *
   * @param temperature divides the logits; &gt; 0
   * @return [B, T - 1]; entry t belongs to token t + 1; 0 where that is no response token
   */
  public NDArray logprobs(NDArray flat, TokenBatch batch, double temperature) {
    NDArray ids = batch.ids();
    return call("logprobs", flat, ids, batch.responsePlaces(), scalar(ids, temperature)).get(0);
  }

  /**
   * Log-probabilities and entropies of response tokens, and values at every position but the last.
   *
   * @param temperature divides the logits; &gt; 0
   * @throws IllegalStateException if there is no value head
   */
  public PolicyOutputs policy(NDArray flat, TokenBatch batch, double temperature) {
    require(Head.VALUE);
    NDArray ids = batch.ids();
    NDList outputs = call("policy", flat, ids, batch.responsePlaces(), scalar(ids, temperature));
    return new PolicyOutputs(outputs.get(0), outputs.get(1), outputs.get(2));
  }

  /**
   * Scores of the reward head at the last token of each row.
   *
   * @return [B]
   * @throws IllegalStateException if there is no score head
   */
  public NDArray scores(NDArray flat, TokenBatch batch) {
    require(Head.SCORE);
    return call("scores", flat, batch.ids(), batch.last()).get(0);
  }

  /**
   * Logits of the next token at every position.
   *
   * @param ids [B, T]
   * @return [B, T, V]
   */
  public NDArray logits(NDArray flat, NDArray ids) {
    return call("forward_logits", flat, ids).get(0);
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
   */
  public NDArray generate(
      NDArray flat,
      NDArray ids,
      NDArray pads,
      NDArray uniforms,
      NDArray stops,
      double temperature) {
    IValue[] inputs = {
      value(flat), value(ids), value(pads), value(uniforms), value(stops), IValue.from(temperature)
    };
    return run("generate", inputs, ids.getManager());
  }

  /**
   * One AdamW step in place (Loshchilov and Hutter 2019, arXiv:1711.05101), after dividing {@code
   * gradient} by {@code count} and clipping its norm. A step whose norm is not finite changes
   * nothing.
   *
   * @return the norm of the gradient before clipping
   */
  public double update(AdamState state, NDArray gradient, double count, AdamStep step) {
    IValue[] inputs = {
      list(state.flat()),
      list(gradient),
      list(state.mean()),
      list(state.square()),
      IValue.from((double) step.number()),
      IValue.from(count),
      IValue.from(step.maxGradNorm()),
      IValue.from(step.learningRate()),
      IValue.from(step.beta1()),
      IValue.from(step.beta2()),
      IValue.from(step.epsilon()),
      IValue.from(step.weightDecay())
    };
    try (IValue norm = invoke("update", inputs)) {
      return norm.toDouble();
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

  /** Without its head the kernel would take some other weight of that size for it. */
  private void require(Head wanted) {
    if (head != wanted) {
      throw new IllegalStateException(
          "Cannot use head %s: the decoder has %s".formatted(wanted, head));
    }
  }

  private static NDArray scalar(NDArray ids, double value) {
    return ids.getManager().create((float) value);
  }

  /** Calls a kernel with autograd as the thread has it set. */
  private NDList call(String method, NDArray flat, NDArray ids, NDArray... more) {
    // The result joins the manager of the first array, so that one must be the caller's.
    NDArray name = ids.getManager().create(0f);
    name.setName("module_method:" + method);
    NDList inputs = new NDList(name, flat, ids);
    for (NDArray array : more) {
      inputs.add(array);
    }
    try {
      return IValueUtils.forward(kernels, inputs, JniUtils.isGradMode());
    } finally {
      name.close();
    }
  }

  private NDArray run(String method, IValue[] inputs, NDManager results) {
    try (IValue result = invoke(method, inputs)) {
      return result.toTensor((PtNDManager) results);
    }
  }

  private IValue invoke(String method, IValue[] inputs) {
    try {
      return IValueUtils.runMethod(kernels, method, inputs);
    } finally {
      for (IValue input : inputs) {
        input.close();
      }
    }
  }

  private static IValue list(NDArray array) {
    return IValue.listFrom((PtNDArray) array);
  }

  private static IValue value(NDArray array) {
    return IValue.from((PtNDArray) array);
  }

  @Override
  public void close() {
    kernels.close();
    manager.close();
  }
}
