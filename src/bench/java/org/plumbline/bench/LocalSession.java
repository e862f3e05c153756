package org.plumbline.bench;

import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Spark on this machine. */
final class LocalSession {
  private LocalSession() {}

  /** Within this process, with so many tasks side by side; {@code *} for as many as cores. */
  static SparkSession of(String tasks) {
    return of("local[%s]".formatted(tasks), Map.of());
  }

  /** By {@code master}, with more of Spark's settings. */
  static SparkSession of(String master, Map<String, Object> settings) {
    return SparkSession.builder()
        .master(master)
        .config(settings)
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate();
  }
}
