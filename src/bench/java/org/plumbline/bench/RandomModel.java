package org.plumbline.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.model.Compute;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.WeightShards;
import org.plumbline.model.WeightType;
import org.plumbline.model.Weights;

/** Opens models as jobs do, from a folder, also those that are only described. */
final class RandomModel {
  private RandomModel() {}

  /** The model of {@code folder}; where it has no weights, with random ones. */
  static LoadedModel load(Path folder, Compute compute) throws IOException {
    ModelFolder described = new ModelFolder(folder.toUri().toString(), new Configuration());
    if (described.hasWeights()) {
      return load(described.uri(), compute);
    }
    Path filled = Files.createTempDirectory("bench-model");
    try {
      write(folder, filled);
      return load(filled.toUri().toString(), compute);
    } finally {
      delete(filled);
    }
  }

  /** Writes the model that {@code folder} describes to {@code to}, with random weights. */
  static void write(Path folder, Path to) throws IOException {
    Files.createDirectories(to);
    fill(new ModelFolder(folder.toUri().toString(), new Configuration()), Head.NONE, to);
    Files.copy(folder.resolve("config.json"), to.resolve("config.json"));
  }

  /** Writes a model of that kind which scores what it reads, with random weights. */
  static void writeScorer(Path folder, Path to) throws IOException {
    Files.createDirectories(to);
    ModelFolder described = new ModelFolder(folder.toUri().toString(), new Configuration());
    fill(described, Head.SCORE, to);
    described.copyDescription(
        Head.SCORE, WeightType.F32, name -> Files.newOutputStream(to.resolve(name)));
  }

  /** Weights are of the type that executors hold them in. */
  private static LoadedModel load(String folder, Compute compute) throws IOException {
    return LoadedModel.load(folder, Head.NONE, compute, compute.weights(), new Configuration());
  }

  private static void fill(ModelFolder described, Head head, Path folder) throws IOException {
    try (Decoder decoder = described.decoder(head);
        NDManager manager = NDManager.newBaseManager("PyTorch");
        NDArray flat = Weights.initial(decoder, 0, manager)) {
      WeightShards.of(decoder, WeightType.F32, 1)
          .write(0, flat, name -> Files.newOutputStream(folder.resolve(name)));
    }
  }

  /** Removes {@code folder} and all in it. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
