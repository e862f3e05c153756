package org.plumbline.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.plumbline.model.Compute;

/**
 * One way to train.
 *
 * @param batch rows of an update
 * @param length tokens of a row
 * @param microBatches how many parts the rows are taken in, one after the other
 */
record TrainingSetup(
    Path model,
    int threads,
    int batch,
    int length,
    Compute compute,
    boolean checkpointing,
    int microBatches) {

  TrainingSetup {
    if (microBatches < 1 || batch % microBatches != 0) {
      throw new IllegalArgumentException(
          "Invalid --micro-batches: %d (must divide --batch %d)".formatted(microBatches, batch));
    }
    if (length < 2) {
      throw new IllegalArgumentException("Invalid --length: " + length + " (must be > 1)");
    }
  }

  TrainingSetup with(Compute other) {
    return new TrainingSetup(model, threads, batch, length, other, checkpointing, microBatches);
  }

  TrainingSetup with(boolean checkpoints) {
    return new TrainingSetup(model, threads, batch, length, compute, checkpoints, microBatches);
  }

  TrainingSetup inMicroBatches(int parts) {
    return new TrainingSetup(model, threads, batch, length, compute, checkpointing, parts);
  }

  String name() {
    return model.getFileName().toString();
  }

  /** What {@link StepCommand} takes it from. */
  List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--model=" + model,
                "--threads=" + threads,
                "--batch=" + batch,
                "--length=" + length,
                "--compute=" + compute,
                "--micro-batches=" + microBatches));
    if (checkpointing) {
      arguments.add("--checkpointing");
    }
    return arguments;
  }

  @Override
  public String toString() {
    return "%s, %d x %d tokens, %s%s%s"
        .formatted(
            name(),
            batch,
            length,
            compute.name().toLowerCase(Locale.ROOT),
            checkpointing ? ", checkpointing" : "",
            microBatches > 1 ? ", in " + microBatches + " micro-batches" : "");
  }
}
