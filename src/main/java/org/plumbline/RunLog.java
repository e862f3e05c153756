package org.plumbline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import org.apache.hadoop.fs.FileSystem;
import org.plumbline.stage.RunFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log file {@code logs/spark.log} of a run folder. Commands add to it, one after the other. A
 * folder that is not on this machine gets it again and again, since few remote file systems can
 * append: what a driver that is killed has said in its last minute is lost.
 */
final class RunLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);
  private static final String NAME = "logs/spark.log";

  private final RunFolder run;
  private final Path local; // where lines are written while the command runs
  private final Optional<Timer> copying; // to the run folder, unless that is where local is
  private long sent; // bytes in the run folder
  private boolean failing; // whether the last copy could not be made

  private RunLog(RunFolder run, Path local, Optional<Timer> copying) {
    this.run = run;
    this.local = local;
    this.copying = copying;
  }

  /** Opens the log of {@code run} and sends this JVM's log lines there. */
  static RunLog open(RunFolder run, boolean terminal) {
    return open(run, terminal, Duration.ofMinutes(1));
  }

  /** The same, with so much time between copies. */
  static RunLog open(RunFolder run, boolean terminal, Duration between) {
    try {
      org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(run.at(NAME));
      boolean here = "file".equals(target.toUri().getScheme());
      Path local = here ? Path.of(target.toUri().getPath()) : fetch(run, target);
      Files.createDirectories(local.getParent());
      Logs.configure(Optional.of(local), terminal);
      RunLog log =
          new RunLog(
              run, local, here ? Optional.empty() : Optional.of(new Timer("log copies", true)));
      log.copying.ifPresent(timer -> log.copyEach(between, timer));
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

  private void copyEach(Duration between, Timer timer) {
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            copy();
          }
        },
        between.toMillis(),
        between.toMillis());
  }

  /** Where to look for the log after the command. */
  String place() {
    return copying.isPresent() ? run.at(NAME) : local.toString();
  }

  /** A log that cannot be copied is no reason for a run to fail. */
  private synchronized void copy() {
    try {
      long size = Files.size(local);
      if (size != sent) {
        run.fileSystem()
            .copyFromLocalFile(
                false,
                true,
                new org.apache.hadoop.fs.Path(local.toUri()),
                new org.apache.hadoop.fs.Path(run.at(NAME)));
        sent = size;
        failing = false;
      }
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        LOG.warn("Cannot copy the log from {} to {}: {}", local, run.at(NAME), e.getMessage());
      }
      failing = true;
    }
  }

  @Override
  public void close() {
    copying.ifPresent(
        timer -> {
          timer.cancel();
          copy();
        });
  }
}
