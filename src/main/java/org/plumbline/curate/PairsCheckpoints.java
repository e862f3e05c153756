package org.plumbline.curate;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.stage.RunFolder;
import org.plumbline.table.PairsIdentity;

/** Which checkpoints of a run say that they were trained on certain pairs or single responses. */
final class PairsCheckpoints {
  private PairsCheckpoints() {}

  /** Their folders within the run, such as {@code reward/checkpoint/step-00000050}; sorted. */
  static List<String> of(RunFolder run, PairsIdentity pairs, PairsIdentity unpaired) {
    List<String> found = new ArrayList<>();
    try {
      FileSystem files = run.fileSystem();
      for (FileStatus stage : files.listStatus(new Path(run.uri()))) {
        Path folder = new Path(stage.getPath(), "checkpoint");
        if (stage.isDirectory() && files.exists(folder)) {
          for (FileStatus step : files.listStatus(folder)) {
            if (trainedOn(step.getPath(), run, pairs, unpaired)) {
              found.add(stage.getPath().getName() + "/checkpoint/" + step.getPath().getName());
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot look for checkpoints in " + run.uri() + ": " + e.getMessage(), e);
    }
    return found.stream().sorted().toList();
  }

  private static boolean trainedOn(
      Path folder, RunFolder run, PairsIdentity pairs, PairsIdentity unpaired) throws IOException {
    String uri = folder.toString();
    if (!Checkpoint.isComplete(uri, run.configuration())) {
      return false;
    }
    JsonNode state = Checkpoint.open(uri, run.configuration()).state();
    return says(state.path("pairs"), pairs)
        || unpaired.rows() > 0 && says(state.path("unpaired"), unpaired);
  }

  private static boolean says(JsonNode trained, PairsIdentity identity) {
    return trained.path("fingerprint").asText().equals(identity.fingerprint());
  }
}
