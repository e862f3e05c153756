package org.plumbline.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.RDDInfo;

/** Does harm once, when the first task of certain jobs has started, and sees what fails by it. */
public final class Faults extends SparkListener implements AutoCloseable {
  private final SparkSession spark;
  private final String description;
  private final boolean barrier;
  private final Deed deed;
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicInteger lost = new AtomicInteger();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<Integer> stages = new CopyOnWriteArrayList<>();

  /** The harm, in a thread of its own. */
  public interface Deed {
    void perform() throws Exception;
  }

  private Faults(SparkSession spark, String description, boolean barrier, Deed deed) {
    this.spark = spark;
    this.description = description;
    this.barrier = barrier;
    this.deed = deed;
  }

  /**
   * Does {@code deed} in jobs whose description begins with {@code description}, in a stage of
   * ranks that work together, if {@code barrier}, or else in another.
   */
  public static Faults when(SparkSession spark, String description, boolean barrier, Deed deed) {
    Faults faults = new Faults(spark, description, barrier, deed);
    spark.sparkContext().addSparkListener(faults);
    return faults;
  }

  /** Tasks that were lost with their executor. */
  public int lostTasks() {
    return lost.get();
  }

  /** Why tasks failed. */
  public List<String> failures() {
    return failures;
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted stage) {
    String of = stage.properties().getProperty("spark.job.description", "");
    boolean together = stage.stageInfo().rddInfos().exists(RDDInfo::isBarrier);
    if (of.startsWith(description) && together == barrier) {
      stages.add(stage.stageInfo().stageId());
    }
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart task) {
    if (stages.contains(task.stageId()) && done.compareAndSet(false, true)) {
      Thread thread = new Thread(this::perform);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void perform() {
    try {
      deed.perform();
    } catch (Exception e) {
      failures.add("the deed itself failed: " + e);
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.reason() instanceof ExecutorLostFailure) {
      lost.incrementAndGet();
    }
    if (end.reason() instanceof TaskFailedReason reason) {
      failures.add(reason.toErrorString());
    }
  }

  @Override
  public void close() {
    spark.sparkContext().removeSparkListener(this);
  }
}
