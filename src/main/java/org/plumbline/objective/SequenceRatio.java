package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * One ratio for all tokens of a completion (GSPO: Zheng et al. 2025, arXiv:2507.18071, eq. 5).
 *
 * <p>{@code (pi(y | x) / pi_old(y | x))^(1 / |y|)}, the geometric mean of the tokens' ratios: as
 * rewards are of whole completions, so is what corrects for the policy having moved. GSPO's loss is
 * the clipped surrogate of this ratio under {@link LossAggregation.SequenceMeanTokenMean}.
 *
 * @param tokens the tokens' own ratios
 * @param mask 1 = response token, 0 = padding; of shape [B, T]
 */
public record SequenceRatio(TokenRatio tokens, NDArray mask) implements ImportanceRatio {
  /**
   * Takes two arrays of one shape.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public SequenceRatio {
    Require.sameShape("mask", mask, tokens.current());
  }

  /** The ratio of each completion, of shape [B]; 1 where it has no token. */
  public NDArray perSequence() {
    return SequenceMean.of(tokens.log(), mask).exp();
  }

  @Override
  public NDArray perToken() {
    return tokens.current().zerosLike().add(perSequence().expandDims(1));
  }
}
