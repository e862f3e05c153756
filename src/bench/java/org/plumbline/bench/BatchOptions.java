package org.plumbline.bench;

import java.io.IOException;
import org.plumbline.model.Compute;
import picocli.CommandLine.Option;

/** What an update is taken on. */
final class BatchOptions {
  @Option(names = "--batch", defaultValue = "8", description = "rows of an update")
  private int batch;

  @Option(names = "--length", defaultValue = "256", description = "tokens of a row")
  private int length;

  /** The plain way to train on such a batch. */
  TrainingSetup setup(ModelOptions model) throws IOException {
    return new TrainingSetup(
        model.folder(), model.threads(), batch, length, Compute.FLOAT32, false, 1);
  }
}
