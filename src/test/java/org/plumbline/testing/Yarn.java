package org.plumbline.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * YARN with two node managers in this JVM, for which {@link #submit} is spark-submit in cluster
 * mode. Drivers and executors are JVMs of their own, which node managers start.
 */
public final class Yarn implements AutoCloseable {
  private static final String DRIVER = "org.apache.spark.deploy.yarn.ApplicationMaster";
  private static final String EXECUTOR =
      "org.apache.spark.executor.YarnCoarseGrainedExecutorBackend";

  private final MiniYARNCluster cluster;
  private final YarnClient client;
  private final SparkInstallation spark;
  private final Path folder;

  private Yarn(MiniYARNCluster cluster, YarnClient client, SparkInstallation spark, Path folder) {
    this.cluster = cluster;
    this.client = client;
    this.spark = spark;
    this.folder = folder;
  }

  /** Starts one that works in {@code folder}, and takes files from {@code storage}. */
  public static Yarn start(Path folder, String storage)
      throws IOException, YarnException, InterruptedException {
    // where the mini cluster puts the folders of containers and their logs
    System.setProperty("test.build.data", folder.resolve("nodes").toString());
    MiniYARNCluster cluster = new MiniYARNCluster("yarn", 2, 1, 1);
    cluster.init(settings(storage));
    cluster.start();
    YarnClient client = YarnClient.createYarnClient();
    client.init(cluster.getConfig());
    client.start();
    Yarn yarn = new Yarn(cluster, client, SparkInstallation.in(folder.resolve("spark")), folder);
    boolean ready = cluster.waitForNodeManagersToConnect(TimeUnit.MINUTES.toMillis(1));
    if (!ready) {
      yarn.close();
      throw new IOException("Cannot start YARN: its node managers did not connect in a minute");
    }
    yarn.writeSettings();
    return yarn;
  }

  private static Configuration settings(String storage) {
    Configuration settings = new YarnConfiguration();
    settings.set(FileSystem.FS_DEFAULT_NAME_KEY, storage);
    settings.set("yarn.scheduler.capacity.root.queues", "default");
    settings.set("yarn.scheduler.capacity.root.default.capacity", "100");
    settings.set("yarn.scheduler.capacity.maximum-am-resource-percent", "0.8");
    settings.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 128);
    settings.setInt(YarnConfiguration.NM_PMEM_MB, 6144);
    settings.setInt(YarnConfiguration.NM_VCORES, 4);
    // containers are had in a tenth of the usual second
    settings.setLong(YarnConfiguration.RM_NM_HEARTBEAT_INTERVAL_MS, 100);
    // Java reserves more than it uses
    settings.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    settings.setBoolean(YarnConfiguration.NM_PMEM_CHECK_ENABLED, false);
    // a node manager does without a disk that is 90 % full, and this may be anybody's
    settings.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 99.9f);
    return settings;
  }

  private Path conf() {
    return folder.resolve("conf");
  }

  /** The cluster's ports are known only now; spark-submit reads them as it does anywhere. */
  private void writeSettings() throws IOException {
    Files.createDirectories(conf());
    Configuration core = new Configuration(false);
    Configuration yarn = new Configuration(false);
    for (Map.Entry<String, String> entry : cluster.getConfig()) {
      if (entry.getKey().equals(FileSystem.FS_DEFAULT_NAME_KEY)) {
        core.set(entry.getKey(), entry.getValue());
      } else if (entry.getKey().startsWith("yarn.resourcemanager.")) {
        yarn.set(entry.getKey(), entry.getValue());
      }
    }
    write(core, conf().resolve("core-site.xml"));
    write(yarn, conf().resolve("yarn-site.xml"));
  }

  private static void write(Configuration settings, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      settings.writeXml(out);
    }
  }

  /**
   * Submits the build's jar in cluster mode, on two executors, and returns while it runs.
   *
   * @param name of the application, unlike others
   * @param attempts at most, of the driver
   */
  public Process submit(String name, int attempts, List<String> arguments) throws IOException {
    Map<String, String> settings =
        Map.of(
            "spark.master", "yarn",
            "spark.yarn.maxAppAttempts", String.valueOf(attempts),
            "spark.yarn.jars", "local:" + spark.jars() + "/*",
            "spark.yarn.submit.waitAppCompletion", "true",
            "spark.yarn.report.interval", "500ms",
            // the page needs YARN's proxy, which is not among Hadoop's client jars
            "spark.ui.enabled", "false",
            "spark.yarn.submit.file.replication", "1");
    String jar = SparkInstallation.builtJar().toString();
    ProcessBuilder builder = spark.submission(name, settings, jar, arguments, log(name));
    builder.environment().put("HADOOP_CONF_DIR", conf().toString());
    return builder.start();
  }

  private Path log(String name) {
    return folder.resolve("submit-" + name + ".log");
  }

  /** What YARN says of the application that was submitted as {@code name}. */
  public ApplicationReport report(String name) throws IOException, YarnException {
    return client.getApplications().stream()
        .filter(application -> application.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IOException("YARN knows no " + name + ": " + said(name)));
  }

  /** What spark-submit and all containers so far have written, for those who ask why. */
  public String said(String name) {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder.resolve("nodes"))) {
      Stream<Path> written =
          files.filter(file -> file.getFileName().toString().matches("stdout|stderr"));
      for (Path file : Stream.concat(Stream.of(log(name)), written.sorted()).toList()) {
        all.append("\n== ").append(file).append('\n').append(Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all.toString();
  }

  /** The JVMs of drivers that run now. */
  public static List<ProcessHandle> drivers() {
    return Jvms.running(DRIVER);
  }

  @Override
  public void close() {
    client.stop();
    // so that nothing outlives a test that failed
    Stream.of(SparkInstallation.SUBMIT, DRIVER, EXECUTOR)
        .flatMap(main -> Jvms.running(main).stream())
        .forEach(ProcessHandle::destroyForcibly);
    cluster.stop();
  }
}
