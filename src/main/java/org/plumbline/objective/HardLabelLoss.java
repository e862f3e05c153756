package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * A loss whose paper knows which response is better. Where that is only probable, it is the loss
 * that is expected: {@code p l(y_c, y_r) + (1 - p) l(y_r, y_c)}. With p = 1 it is the paper's.
 */
public sealed interface HardLabelLoss extends PreferenceLoss
    permits DpoLoss,
        RobustDpoLoss,
        HingeLoss,
        IpoLoss,
        NcaLoss,
        BcoPairLoss,
        SppoLoss,
        AotLoss,
        AotUnpairedLoss,
        ApoZeroLoss,
        ApoDownLoss,
        DiscoPopLoss,
        NormalizedDpoLoss,
        OrpoLoss,
        SimpoLoss,
        CpoLoss {
  /** The loss of each pair if the chosen response is the better one, of shape [B]. */
  NDArray perPair(PairLogProbs batch);

  @Override
  default NDArray perPair(PairLogProbs batch, NDArray probability) {
    return Expected.of(perPair(batch), perPair(batch.swapped()), probability);
  }
}
