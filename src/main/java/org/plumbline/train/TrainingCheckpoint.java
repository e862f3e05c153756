package org.plumbline.train;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointWriter;
import org.plumbline.cluster.Gang;
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
  private static final byte[] NOTHING = {};

  private TrainingCheckpoint() {}

  /**
   * Writes {@code replica} to {@code uri}: every rank its slice of the optimizer, and rank 0 all
   * else, last the manifest. All ranks must call it.
   *
   * @param source of the model's description
   * @param state what the checkpoint is to tell of itself
   */
  static void write(
      Gang gang,
      Replica replica,
      ModelFolder source,
      String uri,
      Map<String, Object> state,
      Configuration configuration)
      throws IOException {
    if (gang.rank() == 0) {
      // An attempt that failed after this point left the same checkpoint.
      Checkpoint.delete(uri, configuration);
    }
    gang.exchange(NOTHING); // nobody writes before all is clear
    CheckpointWriter writer = Checkpoint.join(uri, configuration);
    try (OutputStream out = writer.file(OptimizerFile.name(gang.rank(), gang.world()))) {
      replica.writeOptimizer(out);
    }
    if (gang.rank() == 0) {
      writeModel(replica, source, uri, writer);
    }
    for (byte[] ofRank : gang.exchange(writer.finished())) {
      writer.include(ofRank);
    }
    if (gang.rank() == 0) {
      writer.commit(state);
    }
  }

  /** Writes all but optimizer and state. */
  static void writeModel(Replica replica, ModelFolder source, String uri, CheckpointWriter writer)
      throws IOException {
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
  }
}
