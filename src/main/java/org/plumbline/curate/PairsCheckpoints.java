package org.plumbline.curate;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.stage.RunFolder;
import org.plumbline.table.PairsIdentity;

/** Which checkpoints of a run say that they were trained on certain rows. */
final class PairsCheckpoints {
  private PairsCheckpoints() {}

  /**
   * Their folders within the run, such as {@code reward/checkpoint/step-00000050}; sorted.
   *
   * @param tables by what checkpoints call them in their state
   */
  static List<String> of(RunFolder run, Map<String, PairsIdentity> tables) {
    List<String> found = new ArrayList<>();
    try {
      FileSystem files = run.fileSystem();
      for (FileStatus stage : files.listStatus(new Path(run.uri()))) {
        Path folder = new Path(stage.getPath(), "checkpoint");
        if (stage.isDirectory() && files.exists(folder)) {
          for (FileStatus step : files.listStatus(folder)) {
            if (trainedOn(step.getPath(), run, tables)) {
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

  private static boolean trainedOn(Path folder, RunFolder run, Map<String, PairsIdentity> tables)
      throws IOException {
    String uri = folder.toString();
    if (!Checkpoint.isComplete(uri, run.configuration())) {
      return false;
    }
    JsonNode state = Checkpoint.open(uri, run.configuration()).state();
    return tables.entrySet().stream()
        .anyMatch(
            table ->
                table.getValue().rows() > 0 && says(state.path(table.getKey()), table.getValue()));
  }

  private static boolean says(JsonNode trained, PairsIdentity identity) {
    return trained.path("fingerprint").asText().equals(identity.fingerprint());
  }
}
