package org.plumbline.train;

import java.io.IOException;
import java.util.Optional;
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

  static String checkpoints(RunFolder run, String training) {
    return run.at(training + "/checkpoint");
  }

  /** Where {@code training} says which checkpoint was the best. */
  private static String best(String training) {
    return training + "/best.json";
  }
}
