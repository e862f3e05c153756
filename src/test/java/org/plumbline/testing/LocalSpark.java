package org.plumbline.testing;

import org.apache.spark.sql.SparkSession;

/** One Spark for all tests of a JVM. */
public final class LocalSpark {
  private LocalSpark() {}

  /** A session on two local cores, shared and never stopped. */
  public static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("plumbline-tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate();
  }
}
