package org.plumbline.policy;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;
import org.plumbline.config.PpoSettings;
import org.plumbline.objective.ClippedValueLoss;
import org.plumbline.train.Sums;

/** The clipped value loss. */
record ValueTerm(ClippedValueLoss loss) implements Serializable {

  static ValueTerm of(PpoSettings settings) {
    return new ValueTerm(new ClippedValueLoss(settings.clipRangeValue()));
  }

  /** The loss of {@code values} [B, T - 1], summed as losses are. */
  NDArray of(NDArray values, PpoBatch batch, Sums sums) {
    NDArray old = batch.numbers(PpoExample::values);
    NDArray returns = batch.numbers(PpoExample::returns);
    NDArray value = batch.loss(loss.perToken(values, old, returns));
    sums.add("value_loss", value.getFloat(), batch.count());
    return value;
  }
}
