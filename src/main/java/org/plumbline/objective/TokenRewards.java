package org.plumbline.objective;

import java.io.Serializable;

/**
 * What a completion earns at each token: a KL penalty everywhere, and the score at the end (Ziegler
 * et al. 2019, arXiv:1909.08593, eq. 2, spread over the tokens).
 *
 * <p>{@code r_t = -klCoef kl(q_t) + [t is the last response token] score} with {@code q_t = log
 * pi(a_t | s_t) - log pi_ref(a_t | s_t)}, and {@code kl(q) = q} by default. The last response token
 * is the end-of-text token where there is one, and the last sampled token where the length limit
 * cut the response off.
 *
 * @param klCoef weight of the KL penalty, in score per nat
 * @param estimator of each token's KL
 */
public record TokenRewards(double klCoef, KlEstimator estimator) implements Serializable {
  /**
   * Takes the weight of the penalty.
   *
   * @throws IllegalArgumentException if it is below 0
   */
  public TokenRewards {
    Require.notNegative("klCoef", klCoef);
  }

  /** With the log-ratio itself as the KL, which is unbiased. */
  public TokenRewards(double klCoef) {
    this(klCoef, new KlEstimator.K1());
  }

  /**
   * The rewards of one completion of T response tokens.
   *
   * @param logProbs log pi(a_t | s_t), T numbers in nats
   * @param refLogProbs log pi_ref(a_t | s_t), T numbers in nats
   * @param score of the whole completion
   * @return T numbers
   * @throws IllegalArgumentException if T is 0, since the score would be lost, or lengths differ
   */
  public float[] of(float[] logProbs, float[] refLogProbs, double score) {
    Require.sameLength("refLogProbs", refLogProbs, logProbs);
    if (logProbs.length == 0) {
      throw new IllegalArgumentException(
          "Cannot reward a completion: it has no token to carry its score of " + score);
    }
    float[] rewards = new float[logProbs.length];
    for (int t = 0; t < rewards.length; t++) {
      double kl = estimator.ofLogRatio((double) logProbs[t] - refLogProbs[t]);
      rewards[t] = (float) (t == rewards.length - 1 ? score - klCoef * kl : -klCoef * kl);
    }
    return rewards;
  }
}
