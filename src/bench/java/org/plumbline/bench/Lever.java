package org.plumbline.bench;

import java.util.Optional;
import org.plumbline.model.Compute;

/** What can be done to train in less memory. */
enum Lever {
  PLAIN("plain", Way.PLAIN),
  CHECKPOINTING("checkpointing", new Way(Compute.FLOAT32, true, 1, 0)),
  BFLOAT16("bfloat16 compute", new Way(Compute.BFLOAT16, false, 1, 0)),
  HALVES("half micro-batches", new Way(Compute.FLOAT32, false, 2, 0)),
  LORA("LoRA, rank 16", new Way(Compute.FLOAT32, false, 1, 16)),
  ALL("the first three", new Way(Compute.BFLOAT16, true, 2, 0)),
  ALL_LORA("all four", new Way(Compute.BFLOAT16, true, 2, 16));

  private final String title;
  private final Way way;

  Lever(String title, Way way) {
    this.title = title;
    this.way = way;
  }

  String title() {
    return title;
  }

  /** {@code plain} with this done to it; nothing where it would change nothing. */
  Optional<TrainingSetup> pull(TrainingSetup plain) {
    if (plain.batch() % way.microBatches() == 0) {
      return Optional.of(plain.with(way));
    }
    Way whole = new Way(way.compute(), way.checkpointing(), 1, way.loraRank());
    return whole.equals(Way.PLAIN) ? Optional.empty() : Optional.of(plain.with(whole));
  }
}
