package org.plumbline;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * The Spark of one command: the session that is there already, as in a notebook, or one made for
 * the command and stopped with it.
 */
record CommandSpark(SparkSession session, boolean own) implements AutoCloseable {
  private static final String GANG_CHECK = "spark.scheduler.barrier.maxConcurrentTasksCheck.";

  /** Starts Spark, or finds it running; {@code ranks} tasks must find a slot at the same time. */
  static CommandSpark start(String command, int ranks) {
    Option<SparkSession> running = SparkSession.getDefaultSession();
    if (running.isDefined() && !running.get().sparkContext().isStopped()) {
      return new CommandSpark(running.get(), false);
    }
    return new CommandSpark(
        SparkSession.builder().config(settings(command, ranks)).getOrCreate(), true);
  }

  /** Spark's settings: what spark-submit and system properties say, and our defaults below that. */
  static SparkConf settings(String command, int ranks) {
    SparkConf conf = new SparkConf();
    // The second is what spark-submit calls a program that nobody named.
    if (List.of("", Plumbline.class.getName()).contains(conf.get("spark.app.name", ""))) {
      conf.setAppName("plumbline " + command);
    }
    boolean enough = Runtime.getRuntime().availableProcessors() >= ranks;
    conf.setIfMissing("spark.master", enough ? "local[*]" : "local[" + ranks + "]");
    if (conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      conf.setIfMissing(
          "spark.sql.shuffle.partitions",
          Integer.toString(Math.max(2, Runtime.getRuntime().availableProcessors())));
      conf.setIfMissing("spark.ui.enabled", "false");
    }
    // Spark's own bar would write into ours.
    conf.set("spark.ui.showConsoleProgress", "false");
    conf.set("spark.sql.session.timeZone", "UTC");
    // Spark asks every 15 s, 40 times, whether a gang's executors have come; a gang should not wait
    // 15 s for those that come in one, and for others as long as Spark does.
    if (!conf.contains(GANG_CHECK + "interval")) {
      conf.set(GANG_CHECK + "interval", "1s");
      conf.setIfMissing(GANG_CHECK + "maxFailures", "600");
    }
    // Rows of our own are records, and lists of them those of List.of, which Kryo cannot make.
    conf.set("spark.serializer", JavaSerializer.class.getName());
    // Two native thread pools that spin on shared cores cost more than they compute.
    conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1");
    conf.setIfMissing("spark.executorEnv.OMP_WAIT_POLICY", "PASSIVE");
    // Large arrays on huge pages: far fewer page faults for PyTorch's temporaries.
    conf.setIfMissing("spark.executorEnv.THP_MEM_ALLOC_ENABLE", "1");
    return conf;
  }

  /** Hadoop's settings as Spark will have them, for what must be known before Spark starts. */
  static Configuration hadoop() {
    return SparkHadoopUtil.get().newConfiguration(new SparkConf());
  }

  /** Whether YARN runs this very JVM as its application, and judges it by how main ends. */
  static boolean yarnRunsTheDriver() {
    // Not through SparkConf: loading that class prints Spark's greeting, whatever the command was.
    return System.getProperty("spark.master", "").equals("yarn")
        && System.getProperty("spark.submit.deployMode", "client").equals("cluster");
  }

  @Override
  public void close() {
    if (own) {
      session.stop();
    }
  }
}
