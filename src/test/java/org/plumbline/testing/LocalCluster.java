package org.plumbline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Spark with executors in JVMs of their own, for integration tests. The build sets {@code
 * SPARK_HOME} and {@code SPARK_SCALA_VERSION} for them; each test class has its JVM, since a JVM
 * has one Spark.
 */
public final class LocalCluster {
  private LocalCluster() {}

  /** A session on two executors of one core each, which run from the tests' class path. */
  public static SparkSession session() {
    return session(2, Map.of());
  }

  /** The same with so many executors, and more of Spark's settings. */
  public static SparkSession session(int executors, Map<String, Object> more) {
    makeHome();
    return SparkSession.builder()
        .config(more)
        .master("local-cluster[" + executors + ",1,1024]")
        .appName("plumbline-cluster-tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .config("spark.executor.extraJavaOptions", Jvms.SHORT_LIVED)
        // A barrier stage that finds an executor missing looks again each second, for two minutes;
        // else after 15 s.
        .config("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
        .config("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "120")
        .getOrCreate();
  }

  /** Spark looks for its jars there; an empty folder will do, as they are on the class path. */
  private static void makeHome() {
    String home = System.getenv("SPARK_HOME");
    if (home == null) {
      throw new IllegalStateException(
          "Cannot start executors: SPARK_HOME is not set (run this test with mvn verify)");
    }
    try {
      Files.createDirectories(Path.of(home, "jars"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + home + "/jars: " + e.getMessage(), e);
    }
  }

  /** The processes of all executors: Spark's local cluster starts them from this one. */
  public static List<ProcessHandle> executors() {
    return Jvms.running("org.apache.spark.executor.CoarseGrainedExecutorBackend");
  }
}
