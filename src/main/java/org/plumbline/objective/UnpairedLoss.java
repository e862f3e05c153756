package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/** A loss that learns from single responses, each desirable or not. */
public sealed interface UnpairedLoss extends Serializable permits KtoLoss, BcoLoss {
  /**
   * The loss of each response, of shape [B]. Where a label is only probable, it is the loss that is
   * expected.
   *
   * @param batch the responses' log-probabilities
   * @param probability how likely the response is desirable, of shape [B]; 1 or 0 for a hard label
   * @param shift the log-ratio of policy to reference, in nats, that counts for nothing either way
   */
  NDArray perResponse(ResponseLogProbs batch, NDArray probability, double shift);

  /** What scales the implicit reward. */
  double beta();

  /** The implicit reward of each response, of shape [B]: beta times the log-ratio. */
  default NDArray reward(ResponseLogProbs response) {
    return Scalar.times(response.logRatio(), beta());
  }
}
