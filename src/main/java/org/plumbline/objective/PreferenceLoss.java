package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/** A loss that learns from pairs of responses directly, without a reward model. */
public sealed interface PreferenceLoss extends Serializable permits DpoLoss {
  /**
   * The loss of each pair, of shape [B].
   *
   * @param batch the pairs' log-probabilities
   * @param probability how likely the chosen response is the better one, of shape [B]; 1 for a hard
   *     label
   */
  NDArray perPair(PairLogProbs batch, NDArray probability);
}
