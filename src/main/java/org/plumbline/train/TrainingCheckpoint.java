package org.plumbline.train;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointWriter;
import org.plumbline.cluster.Gang;
import org.plumbline.model.ModelFolder;

/**
 * Writes a replica as a Hugging Face folder, or its adapters as PEFT does, with what it takes to go
 * on from there.
 */
final class TrainingCheckpoint {
  private static final byte[] NOTHING = {};

  private TrainingCheckpoint() {}

  /**
   * Writes {@code replica} to {@code uri}: every rank its part of it, and rank 0 besides the
   * description, and last the manifest. All ranks must call it.
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
    try (ReplicaPart part = new ReplicaPart(replica)) {
      part.write(source, uri, writer);
    }
    for (byte[] ofRank : gang.exchange(writer.finished())) {
      writer.include(ofRank);
    }
    if (gang.rank() == 0) {
      writer.commit(state);
    }
  }
}
