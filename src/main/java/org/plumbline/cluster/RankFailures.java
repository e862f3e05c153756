package org.plumbline.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Why ranks of a barrier stage failed, which Spark does not say when it gives the stage up. It
 * tells listeners a little later.
 */
final class RankFailures extends SparkListener implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 2000;

  private final SparkContext spark;
  private final int rdd;
  private final Set<Integer> stages = ConcurrentHashMap.newKeySet();
  private final List<Throwable> failures = new ArrayList<>(); // of the latest attempt
  private int attempt;

  /** Listens for failures of stages that work out the RDD with this id. */
  RankFailures(SparkContext spark, int rdd) {
    this.spark = spark;
    this.rdd = rdd;
    spark.addSparkListener(this);
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted stage) {
    if (stage.stageInfo().rddInfos().exists(info -> info.id() == rdd)) {
      stages.add(stage.stageInfo().stageId());
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    if (stages.contains(end.stageId())
        && end.reason() instanceof ExceptionFailure failure
        && failure.exception().isDefined()) {
      if (end.stageAttemptId() > attempt) {
        attempt = end.stageAttemptId();
        failures.clear();
      }
      if (end.stageAttemptId() == attempt) {
        failures.add(failure.exception().get());
      }
      notifyAll();
    }
  }

  /** {@code given}, with the failure of the rank that drew the others along as its cause. */
  synchronized RuntimeException explain(RuntimeException given) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    try {
      for (long left = PATIENCE_MILLIS; culprit() == null && left > 0; ) {
        wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failures.isEmpty()) {
      return given;
    }
    Throwable cause = culprit() == null ? failures.get(0) : culprit();
    RuntimeException explained = new IllegalStateException("A rank failed: " + cause, cause);
    explained.addSuppressed(given);
    return explained;
  }

  /** What is not the mere consequence of another rank's failure. */
  private Throwable culprit() {
    return failures.stream()
        .filter(failure -> !RingLink.isConsequence(failure))
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() {
    spark.removeSparkListener(this);
  }
}
