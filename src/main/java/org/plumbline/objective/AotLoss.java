package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Alignment by optimal transport, paired (Melnyk et al. 2024, arXiv:2406.05882): the distribution
 * of the policy's margins shall lie above that of the reference's, not each margin above its own.
 *
 * <p>{@code -log s(beta (sort(log pi(y_c) - log pi(y_r)) - sort(log pi_ref(y_c) - log
 * pi_ref(y_r))))}: an element is a quantile of the batch and not a pair, so what a batch is,
 * matters.
 *
 * @param beta strength of the tie to the reference policy
 */
public record AotLoss(double beta) implements HardLabelLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public AotLoss {
    Require.positive("beta", beta);
  }

  @Override
  public boolean comparesPairs() {
    return true;
  }

  @Override
  public NDArray perPair(PairLogProbs batch) {
    NDArray policy = batch.chosen().policy().sub(batch.rejected().policy());
    // Zeros of the policy first: references may live in another manager.
    NDArray reference =
        policy.zerosLike().add(batch.chosen().reference()).sub(batch.rejected().reference());
    return Logistic.minusLog(Scalar.times(policy.sort().sub(reference.sort()), beta));
  }
}
