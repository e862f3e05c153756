package org.plumbline.train;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointWriter;
import org.plumbline.cluster.Errand;
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
    try (Gang.Busy writing = gang.busy()) {
      clear(gang, uri, configuration);
      CheckpointWriter writer = Checkpoint.join(uri, configuration);
      try (ReplicaPart part = ReplicaPart.of(replica)) {
        part.write(source, uri, writer);
      }
      for (byte[] ofRank : gang.exchange(writer.finished())) {
        writer.include(ofRank);
      }
      if (gang.rank() == 0) {
        writer.commit(state);
      }
      gang.exchange(NOTHING); // nobody reads it, or counts on it, before it is whole
    }
  }

  /**
   * Begins to write {@code replica} to {@code uri}, from a copy, while its rank goes on. The parts
   * of {@code errand} give what they have finished, for the driver to end with state and manifest.
   * All ranks must call it.
   *
   * @param source of the model's description, which stays as it is until then
   */
  static void begin(
      Gang gang,
      Replica replica,
      ModelFolder source,
      String uri,
      Errand errand,
      Configuration configuration)
      throws IOException {
    clear(gang, uri, configuration);
    ReplicaPart part = ReplicaPart.copy(replica);
    try {
      errand.begin(
          gang.rank(),
          gang.attempt(),
          () -> {
            try (part) {
              CheckpointWriter writer = Checkpoint.join(uri, configuration);
              part.write(source, uri, writer);
              return writer.finished();
            }
          });
    } catch (IOException | RuntimeException e) {
      part.close();
      throw e;
    }
  }

  /** Removes what an attempt that failed has left; nobody writes before all is clear. */
  private static void clear(Gang gang, String uri, Configuration configuration) throws IOException {
    Errand.awaitOthers(gang); // memory holds one copy at most, and no file has two writers here
    if (gang.rank() == 0) {
      Checkpoint.delete(uri, configuration);
    }
    gang.exchange(NOTHING);
  }
}
