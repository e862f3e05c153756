package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/** A loss that learns from pairs of responses directly, without a reward model. */
public sealed interface PreferenceLoss extends Serializable
    permits HardLabelLoss, ExoLoss, MixedLoss {
  /**
   * The loss of each pair, of shape [B].
   *
   * @param batch the pairs' log-probabilities
   * @param probability how likely the chosen response is the better one, of shape [B]; 1 for a hard
   *     label
   */
  NDArray perPair(PairLogProbs batch, NDArray probability);

  /** What scales the implicit reward. */
  double beta();

  /**
   * The implicit reward of each response, of shape [B], for measures: beta times the log-ratio of
   * policy to reference, or what takes its place in the equation.
   */
  default NDArray reward(ResponseLogProbs response) {
    return Scalar.times(response.logRatio(), beta());
  }

  /** Whether it compares the policy with a reference. */
  default boolean needsReference() {
    return true;
  }

  /** Whether a pair's loss depends on the other pairs of its batch. */
  default boolean comparesPairs() {
    return false;
  }
}
