package org.plumbline.policy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.Function;
import org.plumbline.model.TokenBatch;

/** A micro-batch of completions as arrays; numbers are [B, T - 1], and 0 off the response. */
record PpoBatch(List<PpoExample> examples, TokenBatch tokens, NDManager step) {

  static PpoBatch of(List<PpoExample> examples, NDManager step) {
    return new PpoBatch(
        examples, TokenBatch.of(examples.stream().map(PpoExample::sequence).toList(), step), step);
  }

  NDArray numbers(Function<PpoExample, float[]> numbers) {
    return TokenArrays.of(examples, tokens.responseMask().getShape().get(1), numbers, step);
  }

  /** The sum over response tokens. */
  NDArray sum(NDArray perToken) {
    return perToken.mul(tokens.responseMask()).sum();
  }

  /** How many response tokens there are. */
  double responseTokens() {
    return examples.stream().mapToInt(example -> example.response().length).sum();
  }
}
