package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Kahneman-Tversky optimisation (Ethayarajh et al. 2024, arXiv:2402.01306, eq. 8).
 *
 * <p>{@code w_d (1 - s(beta (rho - z)))} for a desirable response and {@code w_u (1 - s(beta (z -
 * rho)))} for an undesirable one, {@code rho} being the log-ratio of policy to reference and z
 * {@link #shift}.
 *
 * @param beta strength of the tie to the reference policy
 * @param desirableWeight w_d
 * @param undesirableWeight w_u; the paper has w_d n_d / (w_u n_u) between 1 and 4/3, for n_d
 *     desirable and n_u undesirable responses
 */
public record KtoLoss(double beta, double desirableWeight, double undesirableWeight)
    implements UnpairedLoss {
  private static final double MOST = 4.0 / 3;

  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public KtoLoss {
    Require.positive("beta", beta);
    Require.positive("desirableWeight", desirableWeight);
    Require.positive("undesirableWeight", undesirableWeight);
  }

  /**
   * z: the KL of the policy to the reference, as estimated from responses to other prompts of the
   * batch, and never below 0. No gradient goes through it.
   *
   * @param mismatched log-ratios of policy to reference, each of a response to another prompt
   */
  public static double shift(float[] mismatched) {
    return shift(Mean.of(mismatched));
  }

  /** The same of the mean of those log-ratios. */
  public static double shift(double meanMismatched) {
    return Math.max(0, meanMismatched);
  }

  /**
   * How much more {@code desirable} responses count than {@code undesirable} ones: w_d n_d / (w_u
   * n_u).
   */
  public double balance(long desirable, long undesirable) {
    return desirableWeight * desirable / (undesirableWeight * undesirable);
  }

  /** Whether {@link #balance} is what the paper recommends, from 1 to 4/3. */
  public boolean isBalanced(long desirable, long undesirable) {
    double balance = balance(desirable, undesirable);
    return balance >= 1 && balance <= MOST;
  }

  @Override
  public NDArray perResponse(ResponseLogProbs batch, NDArray probability, double shift) {
    NDArray logit = reward(batch).sub(beta * shift);
    return Expected.of(
        Scalar.times(Logistic.of(logit.neg()), desirableWeight),
        Scalar.times(Logistic.of(logit), undesirableWeight),
        probability);
  }
}
