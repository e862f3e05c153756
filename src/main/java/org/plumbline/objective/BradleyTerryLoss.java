package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/**
 * The reward model's loss (Bradley and Terry 1952; Ouyang et al. 2022, arXiv:2203.02155, eq. 1) on
 * soft labels, with an optional margin (Touvron et al. 2023, arXiv:2307.09288, eq. 2) and centring
 * (Eisenstein et al. 2023, arXiv:2312.09244).
 *
 * <p>{@code -(p log s(d) + (1 - p) log s(-d)) + centering (r_c + r_r)^2} with {@code d = r_c - r_r
 * - m}, where {@code s} is the logistic function. Without centring it is least where {@code d =
 * logit(p)}.
 *
 * @param centering weight of the squared sum of scores, which keeps scores near 0; 0 for none
 */
public record BradleyTerryLoss(double centering) implements Serializable {
  /**
   * Takes the weight of centring.
   *
   * @throws IllegalArgumentException if it is below 0
   */
  public BradleyTerryLoss {
    Require.notNegative("centering", centering);
  }

  /**
   * The loss of each pair, of shape [B].
   *
   * @param chosenScores r_c, of shape [B]
   * @param rejectedScores r_r, of shape [B]
   * @param probability p: how likely the chosen response is the better one, of shape [B]; 1 for a
   *     hard label
   */
  public NDArray perPair(NDArray chosenScores, NDArray rejectedScores, NDArray probability) {
    Require.sameShape("rejectedScores", rejectedScores, chosenScores);
    NDArray gap = chosenScores.sub(rejectedScores);
    return centred(SoftLabelCrossEntropy.of(gap, probability), chosenScores, rejectedScores);
  }

  /**
   * The loss of each pair, of shape [B], where the chosen score should be higher by a margin.
   *
   * @param chosenScores r_c, of shape [B]
   * @param rejectedScores r_r, of shape [B]
   * @param probability p, of shape [B]
   * @param margin m, of shape [B]
   */
  public NDArray perPair(
      NDArray chosenScores, NDArray rejectedScores, NDArray probability, NDArray margin) {
    Require.sameShape("rejectedScores", rejectedScores, chosenScores);
    Require.sameShape("margin", margin, chosenScores);
    NDArray gap = chosenScores.sub(rejectedScores).sub(margin);
    return centred(SoftLabelCrossEntropy.of(gap, probability), chosenScores, rejectedScores);
  }

  private NDArray centred(NDArray loss, NDArray chosenScores, NDArray rejectedScores) {
    if (centering == 0) {
      return loss;
    }
    return loss.add(Scalar.times(chosenScores.add(rejectedScores).square(), centering));
  }
}
