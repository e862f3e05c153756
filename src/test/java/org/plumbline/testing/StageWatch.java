package org.plumbline.testing;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.sql.SparkSession;
import scala.collection.JavaConverters;

/** Watches the n-th Spark stage of a kind: when its first task runs, and how often it is begun. */
public final class StageWatch extends SparkListener implements AutoCloseable {
  private final SparkSession spark;
  private final Kind kind;
  private final int wanted;
  private final Set<Integer> seen = new HashSet<>();
  private final Map<Integer, Long> begun = new HashMap<>();
  private final CompletableFuture<String> executor = new CompletableFuture<>();
  private int stage = -1;
  private int attempts;
  private long millis = -1;

  /** Stages of jobs whose description begins so, and, if a gang's, of those only its own. */
  public record Kind(String description, boolean gang) {
    /** The update stages of {@code name}. */
    public static Kind updates(String name) {
      return new Kind(name + ": ", true);
    }

    /** All other stages of {@code description}. */
    public static Kind plain(String description) {
      return new Kind(description, false);
    }

    private boolean is(String said, StageInfo info) {
      boolean barrier =
          JavaConverters.seqAsJavaList(info.rddInfos()).stream().anyMatch(rdd -> rdd.isBarrier());
      return said != null && said.startsWith(description) && barrier == gang;
    }
  }

  /** Watches for the {@code wanted}-th of {@code kind}, counted from 1. */
  public StageWatch(SparkSession spark, Kind kind, int wanted) {
    this.spark = spark;
    this.kind = kind;
    this.wanted = wanted;
    spark.sparkContext().addSparkListener(this);
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
    StageInfo info = event.stageInfo();
    String said =
        event.properties() == null ? null : event.properties().getProperty("spark.job.description");
    if (kind.is(said, info) && seen.add(info.stageId()) && seen.size() == wanted) {
      stage = info.stageId();
    }
    if (info.stageId() == stage) {
      attempts++;
    }
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart event) {
    if (event.stageId() == stage) {
      begun.putIfAbsent(event.stageAttemptId(), System.nanoTime());
      // The first partition is rank 0's, who writes the checkpoint.
      if (event.taskInfo().index() == 0) {
        executor.complete(event.taskInfo().executorId());
      }
    }
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted event) {
    StageInfo info = event.stageInfo();
    if (info.stageId() == stage && info.failureReason().isEmpty()) {
      millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun.get(info.attemptNumber()));
    }
  }

  /** Waits until its first partition is worked on; returns the id of the executor that does. */
  public String executor() throws InterruptedException {
    try {
      return executor.get(120, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Stage " + wanted + " of " + kind + " has not begun", e);
    }
  }

  /** How often it was begun. */
  public synchronized int attempts() {
    return attempts;
  }

  /** How long it took, once it has succeeded. */
  public synchronized long millis() {
    if (millis < 0) {
      throw new IllegalStateException("Stage " + wanted + " of " + kind + " has not ended");
    }
    return millis;
  }

  @Override
  public void close() {
    spark.sparkContext().removeSparkListener(this);
  }
}
