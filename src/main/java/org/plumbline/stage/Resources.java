package org.plumbline.stage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ExecutorResourceRequests;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.plumbline.config.ResourceSettings;

/**
 * What tasks of one kind of work have, by Spark's stage-level scheduling. Of what a task needs,
 * Spark takes account on the executors that there are; executors of another size it starts under
 * dynamic allocation only.
 */
public final class Resources {
  private static final String GPU = "spark.executor.resource.gpu.";

  /** Executors belong to a profile: an equal one that is made anew would start others. */
  private static final Map<ResourceSettings, ResourceProfile> PROFILES = new ConcurrentHashMap<>();

  private Resources() {}

  /**
   * Has the stage that makes {@code rows} run with what {@code wanted} says.
   *
   * @param key of the settings, for errors
   * @throws IllegalArgumentException if this Spark cannot give it
   */
  public static void give(JavaRDD<?> rows, ResourceSettings wanted, String key) {
    if (!wanted.any()) {
      return;
    }
    SparkConf conf = JavaSparkContext.fromSparkContext(rows.context()).getConf();
    requirePossible(conf, wanted, key);
    rows.withResources(PROFILES.computeIfAbsent(wanted, some -> profile(conf, some)));
  }

  static void requirePossible(SparkConf conf, ResourceSettings wanted, String key) {
    String master = conf.get("spark.master", "");
    if (master.startsWith("local") && !master.startsWith("local-cluster")) {
      throw refusal(
          key, "spark.master is " + master, "use YARN, Kubernetes or a standalone cluster");
    }
    if (wanted.gpu() > 0.5 && wanted.gpu() < 1) {
      throw refusal(key + ".gpu", wanted.gpu() + " is no share of one", "give 1, or at most 0.5");
    }
    if (wanted.ownExecutors() && !isDynamic(conf)) {
      throw refusal(
          key + ".executor-*",
          "spark.dynamicAllocation.enabled is false",
          "set it, or give all executors as much by spark.executor.*");
    }
    if (wanted.gpu() > 0 && conf.getInt(GPU + "amount", 0) < 1) {
      throw refusal(
          key + ".gpu",
          "executors have no GPU",
          "set " + GPU + "amount and " + GPU + "discoveryScript");
    }
  }

  private static IllegalArgumentException refusal(String key, String why, String remedy) {
    return new IllegalArgumentException(
        "Cannot give tasks what %s asks for: %s (%s)".formatted(key, why, remedy));
  }

  static ResourceProfile profile(SparkConf conf, ResourceSettings wanted) {
    TaskResourceRequests task =
        new TaskResourceRequests()
            .cpus(wanted.cpus() > 0 ? wanted.cpus() : conf.getInt("spark.task.cpus", 1));
    if (gpu(conf, wanted) > 0) {
      task.resource("gpu", gpu(conf, wanted));
    }
    ResourceProfileBuilder builder = new ResourceProfileBuilder().require(task);
    // Under dynamic allocation Spark starts executors for each profile: it must say of what size.
    return (wanted.ownExecutors() || isDynamic(conf)
            ? builder.require(executor(conf, wanted))
            : builder)
        .build();
  }

  /** A profile has nothing of what Spark is configured to give all tasks. */
  private static double gpu(SparkConf conf, ResourceSettings wanted) {
    return wanted.gpu() > 0 ? wanted.gpu() : conf.getDouble("spark.task.resource.gpu.amount", 0);
  }

  private static boolean isDynamic(SparkConf conf) {
    return conf.getBoolean("spark.dynamicAllocation.enabled", false);
  }

  private static ExecutorResourceRequests executor(SparkConf conf, ResourceSettings wanted) {
    ExecutorResourceRequests executor = new ExecutorResourceRequests();
    int cores = wanted.executorCores();
    executor.cores(cores > 0 ? cores : conf.getInt("spark.executor.cores", 1));
    executor.memory(or(wanted.executorMemory(), conf.get("spark.executor.memory", "1g")));
    String overhead =
        or(wanted.executorMemoryOverhead(), conf.get("spark.executor.memoryOverhead", ""));
    if (!overhead.isEmpty()) {
      executor.memoryOverhead(overhead);
    }
    if (gpu(conf, wanted) > 0) {
      executor.resource(
          "gpu",
          conf.getInt(GPU + "amount", 1),
          conf.get(GPU + "discoveryScript", ""),
          conf.get(GPU + "vendor", ""));
    }
    return executor;
  }

  private static String or(String wanted, String otherwise) {
    return wanted.isEmpty() ? otherwise : wanted;
  }
}
