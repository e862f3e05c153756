package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointWriter;

/** A folder of adapters as one of weights, which every tool reads that reads their base. */
public final class MergedFolder {
  private MergedFolder() {}

  /**
   * Writes the base of the adapters in {@code from}, with these merged into it, to {@code to}.
   *
   * @param type of the weights that are written
   * @param to a folder that is not there, or is empty
   * @throws IOException if {@code from} has no adapters, or {@code to} is in use
   */
  public static void write(String from, String to, WeightType type, Configuration configuration)
      throws IOException {
    ModelFolder adapters = new ModelFolder(from, configuration);
    if (!adapters.isAdapter()) {
      String why =
          adapters.has(AdapterConfig.NAME) ? "has weights" : "has no " + AdapterConfig.NAME;
      throw new IOException("Cannot merge adapters of %s: it %s".formatted(from, why));
    }
    requireEmpty(new Path(to), configuration);
    try (Decoder decoder = adapters.decoder(adapters.adapterHead());
        NDManager manager = decoder.scope()) {
      NDArray flat = Weights.load(decoder, adapters, manager);
      write(new Merged(decoder, flat, type), adapters, Checkpoint.create(to, configuration));
    }
  }

  private record Merged(Decoder decoder, NDArray flat, WeightType type) {}

  private static void write(Merged merged, ModelFolder adapters, CheckpointWriter writer)
      throws IOException {
    Head head = merged.decoder().head();
    adapters.copyDescription(head, merged.type(), writer::file);
    WeightShards.of(merged.decoder(), merged.type(), 1).write(0, merged.flat(), writer::file);
    if (head.hasValues()) {
      try (OutputStream out = writer.file(Weights.VALUE_FILE)) {
        Weights.writeValueHead(merged.decoder(), merged.flat(), out);
      }
    }
    writer.commit(Map.of("merged", adapters.uri()));
  }

  private static void requireEmpty(Path to, Configuration configuration) throws IOException {
    FileSystem files = to.getFileSystem(configuration);
    if (files.exists(to) && files.listStatus(to).length > 0) {
      throw new IOException("Cannot merge adapters into " + to + ": it is not empty");
    }
  }
}
