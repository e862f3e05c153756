package org.plumbline.stage;

import org.apache.spark.sql.SparkSession;
import org.plumbline.config.Settings;

/**
 * What every stage is given: Spark, the run's folder, the settings, and someone to tell.
 *
 * @param resume whether to go on where an interrupted run of the stage left off, if it left a
 *     checkpoint; else it begins anew
 * @param times of the tasks of all stages that have this context, or one made of it
 */
public record StageContext(
    SparkSession spark,
    RunFolder run,
    Settings settings,
    Progress progress,
    boolean resume,
    TaskTimes times) {
  /** With times of its own. */
  public StageContext(
      SparkSession spark, RunFolder run, Settings settings, Progress progress, boolean resume) {
    this(spark, run, settings, progress, resume, new TaskTimes(spark));
  }

  /** For a stage that begins anew. */
  public StageContext(SparkSession spark, RunFolder run, Settings settings, Progress progress) {
    this(spark, run, settings, progress, false);
  }

  /** The same with {@code other} settings. */
  public StageContext with(Settings other) {
    return new StageContext(spark, run, other, progress, resume, times);
  }

  /** The same for {@code other}, a run folder. */
  public StageContext in(RunFolder other) {
    return new StageContext(spark, other, settings, progress, resume, times);
  }
}
