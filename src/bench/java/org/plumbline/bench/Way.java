package org.plumbline.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.plumbline.model.Compute;
import org.plumbline.model.Lora;

/**
 * A way to train: what is done to save memory or time.
 *
 * @param checkpointing whether to keep one array a layer for the way back
 * @param microBatches how many parts the rows of an update are taken in, one after the other
 * @param loraRank of adapters on every linear layer, trained in place of the weights; 0 trains all
 */
record Way(Compute compute, boolean checkpointing, int microBatches, int loraRank) {
  static final Way PLAIN = new Way(Compute.FLOAT32, false, 1, 0);

  Optional<Lora> lora() {
    return loraRank == 0
        ? Optional.empty()
        : Optional.of(new Lora(loraRank, loraRank, false, List.of(Lora.ALL_LINEAR)));
  }

  /** What {@link StepCommand} takes it from. */
  List<String> arguments() {
    return List.of(
        "--compute=" + compute,
        "--checkpointing=" + checkpointing,
        "--micro-batches=" + microBatches,
        "--lora-rank=" + loraRank);
  }

  @Override
  public String toString() {
    return compute.name().toLowerCase(Locale.ROOT)
        + (checkpointing ? ", checkpointing" : "")
        + (microBatches > 1 ? ", " + microBatches + " micro-batches" : "")
        + (loraRank > 0 ? ", adapters of rank " + loraRank : "");
  }
}
