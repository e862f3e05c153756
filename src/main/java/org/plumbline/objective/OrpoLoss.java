package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * The odds-ratio term of ORPO (Hong et al. 2024, arXiv:2403.07691, eq. 7), which goes with the
 * negative log-likelihood of the chosen response (eq. 6).
 *
 * <p>{@code -lambda log s(log odds(y_c) - log odds(y_r))}, {@code odds(y) = P(y) / (1 - P(y))},
 * where log P(y) is the log-probability a token.
 *
 * @param beta lambda of the paper: weight of the term
 */
public record OrpoLoss(double beta) implements HardLabelLoss {
  /** The least that a log-probability a token is taken to be below 0. */
  private static final double SMALLEST = 1e-6;

  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public OrpoLoss {
    Require.positive("beta", beta);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    return Scalar.times(Logistic.minusLog(logOdds(batch)), beta);
  }

  /** {@code log odds(y_c) - log odds(y_r)}, of shape [B]. */
  public NDArray logOdds(PairLogProbs batch) {
    return logOdds(batch.chosen().mean()).sub(logOdds(batch.rejected().mean()));
  }

  /** {@code l - log(1 - e^l)}, which has no end as a response becomes certain: l stays below 0. */
  private static NDArray logOdds(NDArray mean) {
    NDArray l = Scalar.atMost(mean, -SMALLEST);
    return l.sub(l.exp().neg().add(1).log());
  }

  @Override
  public NDArray reward(ResponseLogProbs response) {
    return Scalar.times(response.mean(), beta);
  }

  @Override
  public boolean needsReference() {
    return false;
  }
}
