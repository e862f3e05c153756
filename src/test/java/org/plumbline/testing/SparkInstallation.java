package org.plumbline.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Spark as it is installed on nodes and in images, on this machine: without what tests add, and
 * without what the build's jar carries.
 */
final class SparkInstallation {
  static final String SUBMIT = "org.apache.spark.deploy.SparkSubmit";

  /** What the build's jar carries, so that Spark on the cluster need not have it. */
  private static final List<String> CARRIED =
      List.of(
          "ai/djl/", "picocli", "jackson-dataformat-yaml", "commons-validator", "libphonenumber");

  private static final List<String> OF_TESTS =
      List.of("plumbline-", "minicluster", "mock", "junit", "assertj", "archunit");

  /** As Spark's own script: its launcher tells the command, and the shell becomes that. */
  private static final String SCRIPT =
      """
      #!/usr/bin/env bash
      mapfile -d '' -t command < <("$JAVA_HOME/bin/java" -Xmx128m -cp "$SPARK_HOME/jars/*" \\
        org.apache.spark.launcher.Main %s "$@")
      exec "${command[1]#$'\\n'}" "${command[@]:2}"
      """
          .formatted(SUBMIT);

  private final Path home;

  private SparkInstallation(Path home) {
    this.home = home;
  }

  /** Installs Spark in {@code home}, by links to the jars of the build. */
  static SparkInstallation in(Path home) throws IOException {
    SparkInstallation spark = new SparkInstallation(home.toAbsolutePath());
    Files.createDirectories(spark.jars());
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (isInstalled(entry)) {
        Path jar = Path.of(entry).toAbsolutePath();
        Files.createSymbolicLink(spark.jars().resolve(jar.getFileName()), jar);
      }
    }
    Files.createDirectories(spark.script().getParent());
    Files.writeString(spark.script(), SCRIPT);
    Files.setPosixFilePermissions(spark.script(), PosixFilePermissions.fromString("rwxr-xr-x"));
    return spark;
  }

  private static boolean isInstalled(String entry) {
    String name = Path.of(entry).getFileName().toString();
    return name.endsWith(".jar")
        && OF_TESTS.stream().noneMatch(name::contains)
        && CARRIED.stream().noneMatch(entry::contains);
  }

  Path jars() {
    return home.resolve("jars");
  }

  /** Its {@code spark-submit}. */
  Path script() {
    return home.resolve("bin/spark-submit");
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** A process that finds this Spark, and knows nothing else of what surrounds the tests. */
  ProcessBuilder process(List<String> command, Path log) {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    // the second is what Spark's scripts find out by looking
    environment.keySet().retainAll(List.of("PATH", "SPARK_SCALA_VERSION"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_HOME", home.toString());
    // else the settings of whoever runs the tests, in their home
    environment.put("KUBECONFIG", "none");
    return builder.redirectErrorStream(true).redirectOutput(log.toFile());
  }

  /**
   * Submits Plumbline in cluster mode, with executors of one core.
   *
   * @param name of the application, unlike others
   * @param settings of Spark's
   * @param jar the build's, or where it was copied to
   * @param arguments of Plumbline's
   */
  ProcessBuilder submission(
      String name, Map<String, String> settings, String jar, List<String> arguments, Path log) {
    List<String> command = new ArrayList<>(List.of(script().toString()));
    command.addAll(List.of("--deploy-mode", "cluster", "--name", name));
    command.addAll(List.of("--driver-memory", "768m"));
    command.addAll(List.of("--executor-memory", "768m", "--executor-cores", "1"));
    Map<String, String> common =
        Map.of(
            "spark.executor.instances",
            "2",
            "spark.driver.extraJavaOptions",
            Jvms.SHORT_LIVED,
            "spark.executor.extraJavaOptions",
            Jvms.SHORT_LIVED,
            "spark.sql.shuffle.partitions",
            "2");
    Stream.of(common, settings)
        .flatMap(some -> some.entrySet().stream())
        .forEach(setting -> command.addAll(List.of("--conf", setting.toString())));
    command.addAll(List.of("--class", "org.plumbline.Plumbline", jar));
    command.addAll(arguments);
    ProcessBuilder builder = process(command, log);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_SUBMIT_OPTS", "-Xmx256m " + Jvms.SHORT_LIVED);
    return builder;
  }

  /** The jar that the build has packed for spark-submit. */
  static Path builtJar() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("plumbline-.*-spark\\.jar"))
          .findFirst()
          .orElseThrow(
              () ->
                  new IOException("There is no target/plumbline-*-spark.jar; mvn package packs it"))
          .toAbsolutePath();
    }
  }
}
