package org.plumbline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.plumbline.stage.RunFolder;

/**
 * The log file {@code logs/spark.log} of a run folder. Commands add to it, one after the other. A
 * folder that is not on this machine gets it when the command ends, since few remote file systems
 * can append.
 *
 * @param run the run folder
 * @param local where lines are written while the command runs
 * @param copied whether that is a copy, to be sent to the run folder at the end
 */
record RunLog(RunFolder run, Path local, boolean copied) implements AutoCloseable {
  private static final String NAME = "logs/spark.log";

  /** Opens the log of {@code run} and sends this JVM's log lines there. */
  static RunLog open(RunFolder run, boolean terminal) {
    try {
      org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(run.at(NAME));
      RunLog log =
          "file".equals(target.toUri().getScheme())
              ? new RunLog(run, Path.of(target.toUri().getPath()), false)
              : new RunLog(run, fetch(run, target), true);
      Files.createDirectories(log.local().getParent());
      Logs.configure(Optional.of(log.local()), terminal);
      return log;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open " + run.at(NAME) + ": " + e.getMessage(), e);
    }
  }

  private static Path fetch(RunFolder run, org.apache.hadoop.fs.Path target) throws IOException {
    Path folder = Files.createTempDirectory("plumbline");
    Path local = folder.resolve("spark.log");
    FileSystem files = run.fileSystem();
    if (files.exists(target)) {
      files.copyToLocalFile(false, target, new org.apache.hadoop.fs.Path(local.toUri()), true);
    }
    return local;
  }

  /** Where to look for the log after the command. */
  String place() {
    return copied ? run.at(NAME) : local.toString();
  }

  @Override
  public void close() {
    if (!copied) {
      return;
    }
    try {
      run.fileSystem()
          .copyFromLocalFile(
              false,
              true,
              new org.apache.hadoop.fs.Path(local.toUri()),
              new org.apache.hadoop.fs.Path(run.at(NAME)));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot copy the log from " + local + " to " + run.at(NAME) + ": " + e.getMessage(), e);
    }
  }
}
