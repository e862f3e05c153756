package org.plumbline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which model, and on how many cores. */
final class ModelOptions {
  @Option(
      names = "--model",
      defaultValue = "gpt2-30m",
      description = {
        "Hugging Face folder, or one of src/bench/models; without weights they are random.",
        "Default: ${DEFAULT-VALUE}"
      })
  private String model;

  @Option(
      names = "--threads",
      defaultValue = "${env:OMP_NUM_THREADS}",
      description = "native threads; default: OMP_NUM_THREADS, or all cores")
  private Integer threads;

  Path folder() throws IOException {
    return folder(model);
  }

  int threads() {
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /** The folder that {@code model} is or names. */
  static Path folder(String model) throws IOException {
    Path described = Path.of(System.getProperty("bench.models"));
    for (Path folder : List.of(Path.of(model), described.resolve(model))) {
      if (Files.exists(folder.resolve("config.json"))) {
        return folder.toRealPath();
      }
    }
    try (Stream<Path> known = Files.list(described)) {
      throw new IllegalArgumentException(
          "Invalid --model: %s (must be a folder with a config.json, or one of %s)"
              .formatted(
                  model, known.map(path -> path.getFileName().toString()).sorted().toList()));
    }
  }
}
