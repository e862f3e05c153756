package org.plumbline.testing;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pod on this machine. Its container is a JVM with an address of its own, which does what the
 * start script of Spark's images makes of the container's arguments and environment. Its file
 * system is the machine's, but that what is mounted lies in a folder.
 */
public final class PodProcess {
  private static final String EXECUTOR =
      "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend";
  private static final String OPTION = "SPARK_JAVA_OPT_";

  private final Pod pod;
  private final String address;
  private final Path folder;
  private Process process;
  private boolean deleted;

  /**
   * Makes one that does not run yet.
   *
   * @param address of this machine that no other pod has
   * @param folder for its files, and what it writes
   */
  PodProcess(Pod pod, String address, Path folder) {
    this.pod = pod;
    this.address = address;
    this.folder = folder;
  }

  /** The pod as it was asked for. */
  public Pod pod() {
    return pod;
  }

  /** Value of a label, empty if it has none such. */
  public String label(String key) {
    return pod.getMetadata().getLabels().getOrDefault(key, "");
  }

  String name() {
    return pod.getMetadata().getName();
  }

  String address() {
    return address;
  }

  /** Its only container. */
  public Container container() {
    return pod.getSpec().getContainers().get(0);
  }

  /** What it writes. */
  Path log() {
    return folder.resolve("log");
  }

  /** The JVM, once there is one. */
  public synchronized ProcessHandle process() {
    if (process == null) {
      throw new IllegalStateException("The pod " + name() + " has not started");
    }
    return process.toHandle();
  }

  /** The code that it ended with, as a shell would tell it. */
  public synchronized int exitCode() {
    return process.exitValue();
  }

  /** Makes a volume's files, named by the path that each has in the volume. */
  void mount(Volume volume, Map<String, String> files) throws IOException {
    for (VolumeMount mount : container().getVolumeMounts()) {
      if (mount.getName().equals(volume.getName())) {
        Path place = Files.createDirectories(Path.of(here(mount.getMountPath())));
        for (Map.Entry<String, String> file : files.entrySet()) {
          Files.writeString(place.resolve(file.getKey()), file.getValue());
        }
      }
    }
  }

  /** {@code text}, in which paths of volumes are what they are on this machine. */
  private String here(String text) {
    String here = text;
    for (VolumeMount mount : container().getVolumeMounts()) {
      here = here.replace(mount.getMountPath(), folder.resolve("root") + mount.getMountPath());
    }
    return here;
  }

  /**
   * Starts the JVM, unless the pod is already to be no more.
   *
   * @param hosts lines of addresses and names that it knows besides its own
   */
  synchronized boolean start(SparkInstallation spark, List<String> hosts) throws IOException {
    if (deleted) {
      return false;
    }
    Map<String, String> environment = environment();
    ProcessBuilder builder = spark.process(command(spark, environment), log());
    builder.environment().putAll(environment);
    builder.environment().put("JDK_JAVA_OPTIONS", options(hosts));
    // what Spark finds as the address of a real pod; it does not take a loopback address by itself
    builder.environment().put("SPARK_LOCAL_IP", address);
    builder.directory(Files.createDirectories(folder.resolve("work")).toFile());
    process = builder.start();
    return true;
  }

  /** Has any JVM find the pod's names, and leave nothing behind where others do too. */
  private String options(List<String> hosts) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    return "-Djdk.net.hosts.file=%s -Djava.io.tmpdir=%s".formatted(hostsFile(hosts), temporary);
  }

  private Path hostsFile(List<String> hosts) throws IOException {
    List<String> lines = new ArrayList<>(hosts);
    lines.add("127.0.0.1 localhost");
    lines.add(address + " " + InetAddress.getLocalHost().getHostName());
    return Files.write(folder.resolve("hosts"), lines);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    for (EnvVar variable : container().getEnv()) {
      environment.put(
          variable.getName(),
          variable.getValueFrom() == null
              ? here(variable.getValue())
              : field(variable.getValueFrom().getFieldRef().getFieldPath()));
    }
    return environment;
  }

  private String field(String path) {
    return switch (path) {
      case "status.podIP" -> address;
      case "metadata.name" -> name();
      default -> throw new IllegalArgumentException("Cannot tell a container its " + path);
    };
  }

  private List<String> command(SparkInstallation spark, Map<String, String> environment) {
    List<String> arguments = container().getArgs().stream().map(this::here).toList();
    return switch (arguments.get(0)) {
      case "driver" -> driver(spark, environment, arguments.subList(1, arguments.size()));
      case "executor" -> executor(spark, environment);
      default -> throw new IllegalArgumentException("Cannot run " + arguments);
    };
  }

  private static List<String> driver(
      SparkInstallation spark, Map<String, String> environment, List<String> arguments) {
    String address = environment.get("SPARK_DRIVER_BIND_ADDRESS");
    List<String> command = new ArrayList<>(List.of(spark.script().toString()));
    command.addAll(List.of("--conf", "spark.driver.bindAddress=" + address));
    command.addAll(List.of("--conf", "spark.executorEnv.SPARK_DRIVER_POD_IP=" + address));
    command.addAll(List.of("--deploy-mode", "client"));
    command.addAll(arguments);
    return command;
  }

  private static List<String> executor(SparkInstallation spark, Map<String, String> environment) {
    List<String> command = new ArrayList<>(List.of(SparkInstallation.java()));
    environment.keySet().stream()
        .filter(name -> name.startsWith(OPTION))
        .sorted(Comparator.comparingInt(name -> Integer.parseInt(name.substring(OPTION.length()))))
        .forEach(name -> command.add(environment.get(name)));
    String memory = environment.get("SPARK_EXECUTOR_MEMORY");
    command.addAll(List.of("-Xms" + memory, "-Xmx" + memory));
    command.addAll(
        List.of("-cp", environment.get("SPARK_CONF_DIR") + ":" + spark.jars() + "/*", EXECUTOR));
    Map<String, String> options =
        Map.of(
            "--driver-url", "SPARK_DRIVER_URL",
            "--executor-id", "SPARK_EXECUTOR_ID",
            "--cores", "SPARK_EXECUTOR_CORES",
            "--app-id", "SPARK_APPLICATION_ID",
            "--hostname", "SPARK_EXECUTOR_POD_IP",
            "--resourceProfileId", "SPARK_RESOURCE_PROFILE_ID",
            "--podName", "SPARK_EXECUTOR_POD_NAME");
    options.forEach((option, name) -> command.addAll(List.of(option, environment.get(name))));
    return command;
  }

  /** Waits for its end, and returns the code. */
  int await() throws InterruptedException {
    Process started;
    synchronized (this) {
      started = process;
    }
    return started.waitFor();
  }

  /** Ends it as a pod that was deleted is ended. */
  synchronized void delete() {
    deleted = true;
    if (process != null) {
      process.destroy();
    }
  }

  /** Ends it at once. */
  synchronized void destroy() {
    deleted = true;
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
