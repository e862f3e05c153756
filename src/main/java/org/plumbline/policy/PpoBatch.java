package org.plumbline.policy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.Function;
import org.plumbline.model.TokenBatch;
import org.plumbline.objective.LossAggregation;

/** A micro-batch of completions as arrays; numbers are [B, T - 1], and 0 off the response. */
record PpoBatch(
    List<PpoExample> examples, LossAggregation aggregation, TokenBatch tokens, NDManager step) {

  static PpoBatch of(List<PpoExample> examples, LossAggregation aggregation, NDManager step) {
    return new PpoBatch(
        examples,
        aggregation,
        TokenBatch.of(examples.stream().map(PpoExample::sequence).toList(), step),
        step);
  }

  NDArray numbers(Function<PpoExample, float[]> numbers) {
    return TokenArrays.of(examples, tokens.responseMask().getShape().get(1), numbers, step);
  }

  /** The sum over response tokens, as losses add up; to be divided by {@link #count}. */
  NDArray loss(NDArray perToken) {
    return aggregation.sum(perToken, tokens.responseMask());
  }

  /** What losses are divided by, once those of all micro-batches and ranks are added. */
  double count() {
    return aggregation.count(examples.size(), responseTokens());
  }

  /** The plain sum over response tokens. */
  float sum(NDArray perToken) {
    return perToken.mul(tokens.responseMask()).sum().getFloat();
  }

  /** How many response tokens there are. */
  int responseTokens() {
    return examples.stream().mapToInt(example -> example.response().length).sum();
  }
}
