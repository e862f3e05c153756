package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Binary classifier optimisation (Jung et al. 2024, arXiv:2404.04656): the logit of a classifier of
 * desirable and undesirable responses is the implicit reward.
 *
 * <p>{@code -log s(beta (rho - z))} for a desirable response and {@code -log s(-beta (rho - z))}
 * for an undesirable one, {@code rho} being the log-ratio of policy to reference and z {@link
 * #shift}.
 *
 * @param beta strength of the tie to the reference policy
 */
public record BcoLoss(double beta) implements UnpairedLoss {
  /**
   * Takes the equation's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public BcoLoss {
    Require.positive("beta", beta);
  }

  /**
   * z: half-way between the mean log-ratios of both kinds (the paper's delta over beta), which its
   * authors average over batches. No gradient goes through it.
   *
   * @param desirable log-ratios of policy to reference of desirable responses
   * @param undesirable the same of undesirable ones
   */
  public static double shift(float[] desirable, float[] undesirable) {
    return shift(Mean.of(desirable), Mean.of(undesirable));
  }

  /** The same of the means of those log-ratios. */
  public static double shift(double meanDesirable, double meanUndesirable) {
    return (meanDesirable + meanUndesirable) / 2;
  }

  @Override
  public NDArray perResponse(ResponseLogProbs batch, NDArray probability, double shift) {
    return SoftLabelCrossEntropy.of(reward(batch).sub(beta * shift), probability);
  }
}
