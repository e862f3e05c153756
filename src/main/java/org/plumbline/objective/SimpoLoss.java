package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Simple preference optimisation (Meng et al. 2024, arXiv:2405.14734, eq. 6).
 *
 * <p>{@code -log s(beta (log pi(y_c) / |y_c| - log pi(y_r) / |y_r|) - gamma)}.
 *
 * @param beta what scales log-probabilities a token
 * @param gamma target of the margin of rewards, in nats
 */
public record SimpoLoss(double beta, double gamma) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public SimpoLoss {
    Require.positive("beta", beta);
    Require.notNegative("gamma", gamma);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    return Logistic.minusLog(
        Scalar.times(batch.chosen().mean().sub(batch.rejected().mean()), beta).sub(gamma));
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
