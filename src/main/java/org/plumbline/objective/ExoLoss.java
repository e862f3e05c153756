package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Efficient exact optimisation on pairs (Ji et al. 2024, arXiv:2402.00856, eq. 16).
 *
 * <p>{@code s(beta h) (log s(beta h) - log p) + s(-beta h) (log s(-beta h) - log(1 - p))}: the
 * reverse KL from the policy's preference to the label's. A label is never surer than 1 - e, since
 * nothing is as far from a certainty as this is from infinity.
 *
 * @param beta strength of the tie to the reference policy
 * @param labelSmoothing e, in (0, 0.5)
 */
public record ExoLoss(double beta, double labelSmoothing) implements PreferenceLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public ExoLoss {
    Require.positive("beta", beta);
    Require.positive("labelSmoothing", labelSmoothing);
    Require.fractionBelowHalf("labelSmoothing", labelSmoothing);
  }

  @Override
  public NDArray perPair(PairLogProbs batch, NDArray probability) {
    NDArray logit = Scalar.times(batch.margin(), beta);
    Require.sameShape("probability", probability, logit);
    // From the logit, so that nothing is left in the manager of the probabilities.
    NDArray p = logit.zerosLike().add(probability).clip(labelSmoothing, 1 - labelSmoothing);
    return term(logit, p).add(term(logit.neg(), p.neg().add(1)));
  }

  private static NDArray term(NDArray logit, NDArray probability) {
    return Logistic.of(logit).mul(Logistic.minusLog(logit).add(probability.log()).neg());
  }
}
