package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/**
 * The loss of a reward model that learns what responses were rated: the squared error of the score,
 * as of the regression models of SteerLM (Dong et al. 2023, arXiv:2310.05344) and HelpSteer2 (Wang
 * et al. 2024, arXiv:2406.08673), here of one rating a response.
 *
 * <p>{@code (r - z)^2}. Least where the score is the rating that is expected; if ratings are in
 * standard deviations from their mean, a score of 0 for everything costs 1 on average, and 1 less
 * the loss is the share of their variance that is explained.
 */
public record RatingRegressionLoss() implements Serializable {
  /**
   * The loss of each response, of shape [B], in squared units of the rating.
   *
   * @param scores r, of shape [B]
   * @param rating z, of shape [B]
   */
  public NDArray perResponse(NDArray scores, NDArray rating) {
    Require.sameShape("rating", rating, scores);
    return scores.sub(rating).square();
  }
}
