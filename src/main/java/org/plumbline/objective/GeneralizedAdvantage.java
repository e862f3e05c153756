package org.plumbline.objective;

import java.io.Serializable;

/**
 * Generalised advantage estimation (Schulman et al. 2016, arXiv:1506.02438, eq. 16).
 *
 * <p>{@code A_t = sum over l of (gamma lam)^l delta_(t+l)} with {@code delta_t = r_t + gamma
 * V(s_(t+1)) - V(s_t)}. A completion ends with its last token: nothing is worth anything after it.
 *
 * @param gamma discount of later rewards
 * @param lam 0 trusts the values, 1 trusts the rewards
 */
public record GeneralizedAdvantage(double gamma, double lam) implements Serializable {
  /**
   * Takes both discounts.
   *
   * @throws IllegalArgumentException if one is not between 0 and 1
   */
  public GeneralizedAdvantage {
    Require.fraction("gamma", gamma);
    Require.fraction("lam", lam);
  }

  /**
   * One completion's T numbers each.
   *
   * @param advantages A, not whitened
   * @param returns A + V: what the value head should have said
   */
  public record Advantages(float[] advantages, float[] returns) {}

  /**
   * The advantages and returns of one completion of T response tokens.
   *
   * @param rewards r, T numbers
   * @param values V: what the value head expects before each token is sampled, T numbers
   * @throws IllegalArgumentException if the lengths differ
   */
  public Advantages of(float[] rewards, float[] values) {
    Require.sameLength("values", values, rewards);
    float[] advantages = new float[rewards.length];
    float[] returns = new float[rewards.length];
    double advantage = 0;
    double nextValue = 0;
    for (int t = rewards.length - 1; t >= 0; t--) {
      double delta = rewards[t] + gamma * nextValue - values[t];
      advantage = delta + gamma * lam * advantage;
      nextValue = values[t];
      advantages[t] = (float) advantage;
      returns[t] = (float) (advantage + values[t]);
    }
    return new Advantages(advantages, returns);
  }
}
