package org.plumbline.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointFolders;
import org.plumbline.stage.RunFolder;

/** Which checkpoint of a training is what came of it. */
public final class TrainedModel {
  private TrainedModel() {}

  /**
   * The best checkpoint of {@code training}, a folder within {@code run}, if it was evaluated on
   * held-out rows and has ended; else its last.
   */
  public static Optional<String> of(RunFolder run, String training) throws IOException {
    String checkpoints = checkpoints(run, training);
    return run.has(best(training))
        ? Optional.of(
            CheckpointFolders.step(checkpoints, run.readJson(best(training)).path("step").asLong()))
        : Checkpoint.latest(checkpoints, run.configuration());
  }

  /** Says that the checkpoint of {@code best}'s step is what came of {@code training}. */
  public static void choose(RunFolder run, String training, Object best) {
    run.writeJson(best(training), best);
  }

  /** Forgets what was the best, as long as training goes on. */
  public static void forget(RunFolder run, String training) {
    run.delete(best(training));
  }

  /**
   * Removes what an earlier run has left of {@code training}, which is not to be taken for what
   * came of this one.
   *
   * @param kept a model that stays, should it lie there
   */
  public static void delete(RunFolder run, String training, String kept) {
    forget(run, training);
    String checkpoints = checkpoints(run, training);
    try {
      if (!within(kept, checkpoints, run.configuration())) {
        Checkpoint.delete(checkpoints, run.configuration());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + checkpoints + ": " + e.getMessage(), e);
    }
  }

  private static boolean within(String model, String folder, Configuration configuration)
      throws IOException {
    return !model.isEmpty()
        && qualified(model, configuration).startsWith(qualified(folder, configuration) + "/");
  }

  private static String qualified(String uri, Configuration configuration) throws IOException {
    Path path = new Path(uri);
    return path.getFileSystem(configuration).makeQualified(path).toString();
  }

  static String checkpoints(RunFolder run, String training) {
    return run.at(training + "/checkpoint");
  }

  /** Where {@code training} says which checkpoint was the best. */
  private static String best(String training) {
    return training + "/best.json";
  }
}
