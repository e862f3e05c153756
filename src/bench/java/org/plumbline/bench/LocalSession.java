package org.plumbline.bench;

import org.apache.spark.sql.SparkSession;

/** Spark within this process. */
final class LocalSession {
  private LocalSession() {}

  /** With so many tasks side by side; {@code *} for as many as there are cores. */
  static SparkSession of(String tasks) {
    return SparkSession.builder()
        .master("local[%s]".formatted(tasks))
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate();
  }
}
