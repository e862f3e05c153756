package org.plumbline.objective;

import java.io.Serializable;

/**
 * A weight of the KL penalty that brings the KL to a target, by proportional control of its
 * logarithm (Ziegler et al. 2019, arXiv:1909.08593, section 2.2).
 *
 * <p>{@code coef (1 + clip(KL / target - 1, -0.2, 0.2) n / horizon)}; the paper has 0.1 for {@code
 * n / horizon}.
 *
 * @param target KL a completion, in nats
 * @param horizon completions over which an error of 0.2 changes the weight by about a fifth
 */
public record AdaptiveKlCoef(double target, double horizon) implements Serializable {
  private static final double LARGEST_ERROR = 0.2;

  /**
   * Takes the controller's parameters.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public AdaptiveKlCoef {
    Require.positive("target", target);
    Require.positive("horizon", horizon);
  }

  /**
   * The weight after a batch.
   *
   * @param coef the weight before
   * @param kl mean KL of the batch's completions, in nats
   * @param completions n, how many they are
   */
  public double next(double coef, double kl, long completions) {
    double error = Math.max(-LARGEST_ERROR, Math.min(LARGEST_ERROR, kl / target - 1));
    // A step as long as the horizon's fifth multiple must not turn the penalty into a reward.
    return Math.max(0, coef * (1 + error * completions / horizon));
  }
}
