package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;

/**
 * Forward passes of one micro-batch that can be walked back. What they return are leaves: a loss is
 * worked out from them with autograd as usual, and {@link #backward} takes their gradients from
 * there to the weights by hand, the vocabulary a few rows at a time. So memory does not grow with
 * batch times length times vocabulary: what is found of every word is kept up to a bound, and
 * worked out again beyond it. Gradients are added where they belong without copies.
 *
 * <p>The thread must have autograd switched on ({@code JniUtils.setGradMode}).
 */
public final class Tape {
  private final Decoder decoder;
  private final NDArray flat;
  private final NDArray gradient;
  private final NDManager scope;
  private final boolean checkpoint;
  private final List<Runnable> wayBack = new ArrayList<>();

  /**
   * An empty tape.
   *
   * @param decoder with adapters on, only these and the head are trained
   * @param flat the weights
   * @param gradient of what is trained, with as many elements; gradients are added to it
   * @param scope the manager of everything that is made here
   * @param checkpoint whether to keep one array a layer and work out the rest again on the way back
   */
  public Tape(
      Decoder decoder, NDArray flat, NDArray gradient, NDManager scope, boolean checkpoint) {
    this.decoder = decoder;
    this.flat = flat;
    this.gradient = gradient;
    this.scope = scope;
    this.checkpoint = checkpoint;
  }

  /** A tape that is never walked back; autograd is to be off. */
  public static Tape forward(Decoder decoder, NDArray flat, NDManager scope) {
    return new Tape(decoder, flat, null, scope, true);
  }

  /** As {@link Decoder#logprobs}. */
  public NDArray logprobs(TokenBatch batch, double temperature) {
    decoder.requireLmHead();
    return logprobs(trace(batch), batch, temperature);
  }

  private NDArray logprobs(NDList trace, TokenBatch batch, double temperature) {
    NDList outputs = traced(trace, batch, temperature, false);
    NDArray logprobs = leaf(outputs.get(0));
    wayBack.add(() -> policyBackward(trace, batch, temperature, outputs, logprobs, null, null));
    return logprobs;
  }

  /** Log-probabilities as {@link Decoder#logprobs} has them, beside what sampling would have. */
  public SampledPredictions sampledPredictions(TokenBatch batch, double temperature) {
    decoder.requireLmHead();
    NDList trace = trace(batch);
    NDArray logSquares =
        call("traced_log_squares")
            .list(trace)
            .array(batch.ids())
            .array(batch.responsePlaces())
            .number(temperature)
            .run()
            .get(0);
    return new SampledPredictions(logprobs(trace, batch, temperature), logSquares);
  }

  /**
   * Each of shape [B, T - 1]; entry t is of token t + 1.
   *
   * @param logSquares the logarithm of the sum of squared probabilities of all tokens, which is the
   *     probability that is expected of a sampled one; without a gradient
   */
  public record SampledPredictions(NDArray logprobs, NDArray logSquares) {}

  /** As {@link Decoder#logprobs}: numbers that no gradient goes through, to be read at once. */
  public NDArray fixedLogprobs(TokenBatch batch, double temperature) {
    boolean autograd = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      return decoder.logprobs(flat, batch, temperature);
    } finally {
      JniUtils.setGradMode(autograd);
    }
  }

  /** Log-probabilities and entropies as {@link Decoder#policy} has them, with any head or none. */
  public Predictions predictions(TokenBatch batch, double temperature) {
    decoder.requireLmHead();
    NDList trace = trace(batch);
    NDList outputs = traced(trace, batch, temperature, true);
    NDArray logprobs = leaf(outputs.get(0));
    NDArray entropy = leaf(outputs.get(1));
    wayBack.add(() -> policyBackward(trace, batch, temperature, outputs, logprobs, entropy, null));
    return new Predictions(logprobs, entropy);
  }

  /** Log-probabilities and entropies (nats), each [B, T - 1]; entry t is of token t + 1. */
  public record Predictions(NDArray logprobs, NDArray entropy) {}

  /** As {@link Decoder#policy}. */
  public Decoder.PolicyOutputs policy(TokenBatch batch, double temperature) {
    decoder.require(Head.VALUE);
    NDList trace = trace(batch);
    NDList outputs = traced(trace, batch, temperature, true);
    NDArray logprobs = leaf(outputs.get(0));
    NDArray entropy = leaf(outputs.get(1));
    NDArray values = leaf(outputs.get(2));
    wayBack.add(
        () -> policyBackward(trace, batch, temperature, outputs, logprobs, entropy, values));
    return new Decoder.PolicyOutputs(logprobs, entropy, values);
  }

  /** As {@link Decoder#values}. */
  public NDArray values(TokenBatch batch) {
    decoder.requireValues();
    return headOutput("values", batch, batch.responsePlaces());
  }

  /** As {@link Decoder#scores}. */
  public NDArray scores(TokenBatch batch) {
    decoder.require(Head.SCORE);
    return headOutput("scores", batch, batch.last());
  }

  /** What the scalar head says at {@code places}. */
  private NDArray headOutput(String name, TokenBatch batch, NDArray places) {
    NDList trace = trace(batch);
    NDArray output =
        leaf(call("traced_" + name).list(trace).array(batch.ids()).array(places).run().get(0));
    wayBack.add(
        () ->
            call(name + "_backward")
                .list(trace)
                .array(gradient)
                .array(batch.ids())
                .array(places)
                .array(gradientOf(output))
                .run());
    return output;
  }

  /**
   * The sum of negative log-probabilities of response tokens. Its gradient, of weight 1, is walked
   * back at once, which saves meeting the vocabulary a second time.
   *
   * @return a number without a graph
   */
  public NDArray crossEntropy(TokenBatch batch, double temperature) {
    decoder.requireLmHead();
    if (gradient == null) {
      return traced(trace(batch), batch, temperature, false).get(0).sum().neg();
    }
    return call("cross_entropy")
        .list(trace(batch))
        .array(gradient)
        .array(batch.ids())
        .array(batch.responsePlaces())
        .number(temperature)
        .run()
        .get(0);
  }

  /** Adds the gradient of {@code loss}, a number made from what this tape returned. */
  public void backward(NDArray loss) {
    if (wayBack.isEmpty()) {
      return;
    }
    JniUtils.backward((PtNDArray) loss, (PtNDArray) scope.ones(loss.getShape()), false, false);
    wayBack.forEach(Runnable::run);
    wayBack.clear();
  }

  private NDList trace(TokenBatch batch) {
    decoder.requireRoom(batch.ids());
    return decoder.call("trace", flat, scope).array(batch.ids()).number(checkpoint ? 1 : 0).run();
  }

  private NDList traced(NDList trace, TokenBatch batch, double temperature, boolean entropies) {
    return call("traced_policy")
        .list(trace)
        .array(batch.ids())
        .array(batch.responsePlaces())
        .number(temperature)
        .number(entropies ? 1 : 0)
        .number(gradient == null ? 0 : 1)
        .run();
  }

  private void policyBackward(
      NDList trace,
      TokenBatch batch,
      double temperature,
      NDList outputs,
      NDArray logprobs,
      NDArray entropy,
      NDArray values) {
    call("policy_backward")
        .list(trace)
        .array(gradient)
        .array(batch.ids())
        .array(batch.responsePlaces())
        .number(temperature)
        .array(gradientOf(logprobs))
        .array(gradientOf(entropy))
        .array(gradientOf(values))
        .list(outputs)
        .run();
  }

  /** The gradient of a leaf, or nothing if there is no leaf or the loss did not use it. */
  private NDArray gradientOf(NDArray leaf) {
    NDArray gradient = leaf == null ? null : JniUtils.getGradient((PtNDArray) leaf);
    return gradient == null ? scope.zeros(new Shape(0)) : gradient;
  }

  private NDArray leaf(NDArray array) {
    if (gradient != null) {
      array.setRequiresGradient(true);
    }
    return array;
  }

  private Kernels.Call call(String method) {
    return decoder.kernels().call(method, scope);
  }
}
