package org.plumbline.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is trained, on what, and how.
 *
 * @param batch rows of an update
 * @param length tokens of a row
 */
record TrainingSetup(Path model, int threads, int batch, int length, Way way) {

  TrainingSetup {
    if (way.microBatches() < 1 || batch % way.microBatches() != 0) {
      throw new IllegalArgumentException(
          "Invalid --micro-batches: %d (must divide --batch, %d)"
              .formatted(way.microBatches(), batch));
    }
    if (length < 2) {
      throw new IllegalArgumentException("Invalid --length: " + length + " (must be >= 2)");
    }
  }

  TrainingSetup with(Way other) {
    return new TrainingSetup(model, threads, batch, length, other);
  }

  /** What {@link StepCommand} takes it from. */
  List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--model=" + model,
                "--threads=" + threads,
                "--batch=" + batch,
                "--length=" + length));
    arguments.addAll(way.arguments());
    return arguments;
  }

  /** The model and what it is trained on. */
  String name() {
    return "%s, %d x %d tokens".formatted(model.getFileName(), batch, length);
  }

  @Override
  public String toString() {
    return name() + ", " + way;
  }
}
