package org.plumbline.direct;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;
import org.plumbline.objective.LengthDesensitized;
import org.plumbline.train.PairBatch;

/**
 * Log-probabilities of responses, from those of their tokens.
 *
 * @param alpha weight of tokens that the pair's other response has no counterpart of; 1 for plain
 *     sums
 */
public record PairSums(double alpha) implements Serializable {
  /** Where every token counts alike. */
  public static final PairSums PLAIN = new PairSums(1);

  private static final int[] TOKENS = {1};

  /**
   * The sums, of shape [2B].
   *
   * @param perToken log-probabilities of tokens, of shape [2B, T - 1]
   */
  public NDArray of(NDArray perToken, PairBatch batch) {
    if (alpha == 1) {
      return perToken.sum(TOKENS);
    }
    NDArray mask = batch.tokens().responseMask();
    NDArray tokens = mask.sum(TOKENS);
    NDArray others = batch.rejected(tokens).concat(batch.chosen(tokens));
    return new LengthDesensitized(alpha).of(perToken, mask, others);
  }
}
