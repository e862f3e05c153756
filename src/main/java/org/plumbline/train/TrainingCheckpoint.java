package org.plumbline.train;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointWriter;
import org.plumbline.model.AdapterFile;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.OptimizerFile;
import org.plumbline.model.WeightType;
import org.plumbline.model.Weights;

/**
 * Writes a replica as a Hugging Face folder, or its adapters as PEFT does, with what it takes to go
 * on from there.
 */
final class TrainingCheckpoint {
  private TrainingCheckpoint() {}

  /** Writes {@code replica} to {@code uri}; its description is taken from {@code source}. */
  static void write(
      Replica replica,
      ModelFolder source,
      String uri,
      Map<String, Object> state,
      Configuration configuration)
      throws IOException {
    // An attempt that failed after this point left the same checkpoint.
    Checkpoint.delete(uri, configuration);
    CheckpointWriter writer = Checkpoint.create(uri, configuration);
    source.copyDescription(replica.decoder().head(), WeightType.F32, writer::file);
    if (replica.decoder().lora().isPresent()) {
      AdapterFile.write(replica.decoder(), replica.trained(), source, uri, writer::file);
    } else {
      try (OutputStream out = writer.file(Weights.MODEL_FILE)) {
        Weights.writeModel(replica.decoder(), replica.flat(), WeightType.F32, out);
      }
    }
    if (replica.decoder().head().hasValues()) {
      try (OutputStream out = writer.file(Weights.VALUE_FILE)) {
        Weights.writeValueHead(replica.decoder(), replica.trained(), out);
      }
    }
    try (OutputStream out = writer.file(OptimizerFile.NAME)) {
      OptimizerFile.write(replica.decoder(), replica.state(), replica.step(), out);
    }
    writer.commit(state);
  }
}
