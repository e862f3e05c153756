package org.plumbline.stage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;

/** What the time of tasks goes into. */
public final class TaskTimes {
  private final SparkSession spark;
  private final Map<Work, TaskTime> times = new ConcurrentHashMap<>();

  TaskTimes(SparkSession spark) {
    this.spark = spark;
  }

  /** Kinds of work. */
  public enum Work {
    /** Drawing completions, and having the policy at hand for it. */
    GENERATE,
    /** All that models say of completions. */
    SCORE,
    /** Steps of an optimizer, with loading what learns and writing its checkpoint. */
    UPDATE
  }

  /** The time of {@code work}, for tasks to take with them. */
  public TaskTime of(Work work) {
    return times.computeIfAbsent(
        work, kind -> new TaskTime(spark.sparkContext().longAccumulator(kind.name())));
  }
}
