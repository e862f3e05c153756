package org.plumbline.bench;

import java.util.Optional;
import org.plumbline.model.Compute;

/** A way to train in less memory. */
enum Lever {
  PLAIN("plain"),
  CHECKPOINTING("checkpointing"),
  BFLOAT16("bfloat16 compute"),
  HALVES("half micro-batches"),
  ALL("all three");

  private final String title;

  Lever(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** {@code plain} with this done to it, unless that cannot be done. */
  Optional<TrainingSetup> pull(TrainingSetup plain) {
    boolean even = plain.batch() % 2 == 0;
    return switch (this) {
      case PLAIN -> Optional.of(plain);
      case CHECKPOINTING -> Optional.of(plain.with(true));
      case BFLOAT16 -> Optional.of(plain.with(Compute.BFLOAT16));
      case HALVES -> even ? Optional.of(plain.inMicroBatches(2)) : Optional.empty();
      case ALL -> Optional.of(plain.with(true).with(Compute.BFLOAT16).inMicroBatches(even ? 2 : 1));
    };
  }
}
