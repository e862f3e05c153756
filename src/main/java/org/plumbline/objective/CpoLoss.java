package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * The preference term of contrastive preference optimisation (Xu et al. 2024, arXiv:2401.08417, eq.
 * 3), which goes with the negative log-likelihood of the chosen response (eq. 5).
 *
 * <p>{@code -log s(beta (log pi(y_c) - log pi(y_r)))}.
 *
 * @param beta what scales log-probabilities
 */
public record CpoLoss(double beta) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public CpoLoss {
    Require.positive("beta", beta);
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    return Logistic.minusLog(
        Scalar.times(batch.chosen().policy().sub(batch.rejected().policy()), beta));
  }

  @Override
  public NDArray reward(ResponseLogProbs response) {
    return Scalar.times(response.policy(), beta);
  }

  @Override
  public boolean needsReference() {
    return false;
  }
}
