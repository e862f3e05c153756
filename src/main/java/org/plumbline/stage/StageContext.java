package org.plumbline.stage;

import org.apache.spark.sql.SparkSession;
import org.plumbline.config.Settings;

/** What every stage is given: Spark, the run's folder, the settings, and someone to tell. */
public record StageContext(
    SparkSession spark, RunFolder run, Settings settings, Progress progress) {}
