package org.plumbline.bench;

import java.io.IOException;
import picocli.CommandLine.Option;

/** What an update is taken on. */
final class BatchOptions {
  @Option(names = "--batch", defaultValue = "8", description = "rows of an update")
  private int batch;

  @Option(names = "--length", defaultValue = "256", description = "tokens of a row")
  private int length;

  TrainingSetup setup(ModelOptions model, Way way) throws IOException {
    return new TrainingSetup(model.folder(), model.threads(), batch, length, way);
  }
}
