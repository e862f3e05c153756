package org.plumbline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** The executors of a {@link LocalCluster}: processes that this one started, and no others. */
public final class Executors {
  private static final long PATIENCE_MILLIS = 60_000;

  private Executors() {}

  /** Those that run, by Spark's id. */
  public static Map<String, ProcessHandle> running() {
    Map<String, ProcessHandle> running = new TreeMap<>();
    ProcessHandle.current()
        .children()
        .forEach(
            child -> {
              List<String> arguments = arguments(child.pid());
              int id = arguments.indexOf("--executor-id");
              if (id >= 0 && child.isAlive()) {
                running.put(arguments.get(id + 1), child);
              }
            });
    return running;
  }

  /** The one Spark calls {@code id}. */
  public static ProcessHandle of(String id) {
    ProcessHandle executor = running().get(id);
    if (executor == null) {
      throw new IllegalStateException("No executor " + id + " among " + running().keySet());
    }
    return executor;
  }

  /** What {@link ProcessHandle.Info} says is cut short, as class paths are long. */
  private static List<String> arguments(long pid) {
    try {
      byte[] all = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
      return Arrays.asList(new String(all, StandardCharsets.UTF_8).split("\0"));
    } catch (IOException e) {
      return List.of(); // it ended meanwhile
    }
  }

  /** Ends it at once, as a machine does that loses power; returns when it is gone. */
  public static void kill(ProcessHandle executor) {
    executor.destroyForcibly();
    executor.onExit().join();
  }

  /** Sends {@code signal}, such as STOP. */
  public static void signal(ProcessHandle executor, String signal) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + signal, Long.toString(executor.pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + signal + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until Spark has {@code count} executors. */
  public static void await(SparkSession spark, int count) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    // the driver's own block manager is listed too
    while (running().size() != count
        || spark.sparkContext().statusTracker().getExecutorInfos().length != count + 1) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("Spark has not got " + count + " executors again");
      }
      Thread.sleep(50);
    }
  }
}
