package org.plumbline.objective;

import java.io.Serializable;
import java.util.List;

/**
 * Advantages without a critic and without groups (REINFORCE++: Hu et al. 2025, arXiv:2501.03262):
 * what a completion still earns from each token on, whitened over the tokens of the whole batch.
 *
 * <p>{@code G_t = sum over l of gamma^l r_(t+l)}, which is {@link GeneralizedAdvantage} where
 * nothing is expected and only rewards are trusted; then {@link Whitening}.
 *
 * @param gamma discount of later rewards
 */
public record ReinforcePlusPlus(double gamma) implements Serializable {
  /**
   * Takes the discount.
   *
   * @throws IllegalArgumentException if it is not between 0 and 1
   */
  public ReinforcePlusPlus {
    Require.fraction("gamma", gamma);
  }

  /**
   * The advantages of each completion's tokens.
   *
   * @param rewards r of each completion's tokens, without padding; lengths may differ
   * @return in the same order and shape
   */
  public List<float[]> of(List<float[]> rewards) {
    GeneralizedAdvantage returns = new GeneralizedAdvantage(gamma, 1);
    List<float[]> rows =
        rewards.stream().map(row -> returns.of(row, new float[row.length]).returns()).toList();
    Whitening whitening = Whitening.over(rows);
    return rows.stream().map(whitening::of).toList();
  }
}
