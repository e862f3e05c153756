package org.plumbline.stage;

import org.apache.spark.sql.SparkSession;
import org.plumbline.config.Settings;

/**
 * What every stage is given: Spark, the run's folder, the settings, and someone to tell.
 *
 * @param resume whether to go on where an interrupted run of the stage left off, if it left a
 *     checkpoint; else it begins anew
 */
public record StageContext(
    SparkSession spark, RunFolder run, Settings settings, Progress progress, boolean resume) {
  /** For a stage that begins anew. */
  public StageContext(SparkSession spark, RunFolder run, Settings settings, Progress progress) {
    this(spark, run, settings, progress, false);
  }

  /** The same with {@code other} settings. */
  public StageContext with(Settings other) {
    return new StageContext(spark, run, other, progress, resume);
  }

  /** The same for {@code other}, a run folder. */
  public StageContext in(RunFolder other) {
    return new StageContext(spark, other, settings, progress, resume);
  }
}
