package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/**
 * How the losses of tokens become one number: a sum over a count.
 *
 * <p>Both add up over micro-batches and ranks, so that the loss of a batch is the sum of its parts'
 * sums over the sum of their counts, however it was cut.
 */
public sealed interface LossAggregation extends Serializable {
  /**
   * The sum, a scalar in the manager of {@code perToken}.
   *
   * @param perToken losses, of shape [B, T]
   * @param mask 1 = response token, 0 = padding; of shape [B, T]
   */
  default NDArray sum(NDArray perToken, NDArray mask) {
    Require.sameShape("mask", mask, perToken);
    return perToken.mul(mask).sum();
  }

  /**
   * What the sum is divided by.
   *
   * @param sequences completions, B
   * @param tokens response tokens of all of them
   */
  double count(long sequences, long tokens);

  /**
   * Each token counts the same, so longer completions count more (Yu et al. 2025, "DAPO",
   * arXiv:2503.14476, eq. 12).
   */
  record TokenMean() implements LossAggregation {
    @Override
    public double count(long sequences, long tokens) {
      return tokens;
    }
  }

  /**
   * Each completion counts the same, so tokens of longer ones count less (GRPO: Shao et al. 2024,
   * arXiv:2402.03300, eq. 3).
   */
  record SequenceMeanTokenMean() implements LossAggregation {
    @Override
    public NDArray sum(NDArray perToken, NDArray mask) {
      return SequenceMean.of(perToken, mask).sum();
    }

    @Override
    public double count(long sequences, long tokens) {
      return sequences;
    }
  }

  /** The sum over a completion's tokens, averaged over completions: as a policy gradient has it. */
  record SequenceMeanTokenSum() implements LossAggregation {
    @Override
    public double count(long sequences, long tokens) {
      return sequences;
    }
  }

  /**
   * The same over a constant, so that a step is as large whatever the lengths are (Dr. GRPO: Liu et
   * al. 2025, arXiv:2503.20783).
   *
   * @param maxLength tokens that a completion may have
   */
  record ConstantLength(int maxLength) implements LossAggregation {
    /**
     * Takes the length.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public ConstantLength {
      Require.atLeast("maxLength", maxLength, 1);
    }

    @Override
    public double count(long sequences, long tokens) {
      return (double) sequences * maxLength;
    }
  }
}
