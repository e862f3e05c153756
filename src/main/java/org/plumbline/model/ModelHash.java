package org.plumbline.model;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.Sha256;

/** Tells models apart by what they compute with, whatever their folders are called. */
public final class ModelHash {
  private ModelHash() {}

  /**
   * SHA-256 of {@code model}, in hexadecimal: of its config and weights or adapters, and of those
   * that adapters are for. A checkpoint's manifest has the hashes of its files; other files are
   * read by Spark's tasks.
   */
  public static String of(ModelFolder model, JavaSparkContext spark) throws IOException {
    List<String> hashes = new ArrayList<>(files(model, spark));
    if (model.isAdapter()) {
      hashes.addAll(files(model.base(), spark));
    }
    byte[] all = String.join("\n", hashes).getBytes(StandardCharsets.UTF_8);
    return Sha256.of(new ByteArrayInputStream(all));
  }

  private static List<String> files(ModelFolder folder, JavaSparkContext spark) throws IOException {
    List<String> names = new ArrayList<>(folder.weightNames());
    if (!folder.isAdapter()) {
      names.add("config.json");
    }
    Optional<Checkpoint> checkpoint = Checkpoint.find(folder.uri(), folder.configuration());
    if (checkpoint.isEmpty()) {
      return spark.parallelize(names, names.size()).map(new Read(folder)).collect();
    }
    List<String> hashes = new ArrayList<>();
    for (String name : names) {
      hashes.add(line(name, checkpoint.get().sha256(name)));
    }
    return hashes;
  }

  private static String line(String name, String hash) {
    return name + " " + hash;
  }

  /** Hashes files of a folder, on executors. */
  private record Read(String folder, SerializableConfiguration configuration)
      implements Function<String, String> {
    Read(ModelFolder folder) {
      this(folder.uri(), new SerializableConfiguration(folder.configuration()));
    }

    @Override
    public String call(String name) throws IOException {
      try (InputStream in = new ModelFolder(folder, configuration.value()).open(name)) {
        return line(name, Sha256.of(in));
      }
    }
  }
}
