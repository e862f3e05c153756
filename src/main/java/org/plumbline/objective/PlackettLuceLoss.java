package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/**
 * The negative log-likelihood of a whole ranking (Plackett 1975, "The analysis of permutations";
 * Luce 1959), which for two responses is {@link BradleyTerryLoss}.
 *
 * <p>{@code -sum over k of log(e^(r_k) / sum over j >= k of e^(r_j))}: the best is chosen among all
 * K, the second among the rest, and so on.
 */
public record PlackettLuceLoss() implements Serializable {
  /**
   * The loss of each prompt, of shape [B].
   *
   * @param scores r, of shape [B, K]: of each prompt's K responses, the best first
   * @throws IllegalArgumentException if there are fewer than two responses
   */
  public NDArray perPrompt(NDArray scores) {
    int responses = (int) scores.getShape().get(1);
    Require.atLeast("responses of a ranking", responses, 2);
    NDArray loss = choice(scores, 0);
    for (int rank = 1; rank < responses - 1; rank++) {
      loss = loss.add(choice(scores, rank));
    }
    return loss;
  }

  /** {@code -log P(the response at this rank is the best of those not ranked yet)}. */
  private static NDArray choice(NDArray scores, int rank) {
    return scores.get(":, " + rank + ":").logSoftmax(1).get(":, 0").neg();
  }
}
