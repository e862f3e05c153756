package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own, with Spark starting in it: what people see of it. */
class TestProcess {
  @TempDir Path folder;

  @Test
  @Timeout(120)
  void aFailureIsAllThereIsOnTheConsole() throws IOException, InterruptedException {
    String run = folder.resolve("a run").toString();
    Process process =
        plumbline("feedback", "--run", run, "--feedback", folder.resolve("absent").toString());

    assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(text("out")).isEmpty();
    // no bar, since no job had begun
    assertThat(text("err").lines())
        .singleElement()
        .asString()
        .startsWith("plumbline feedback: Invalid feedback.input: ");
    assertThat(Files.readString(Path.of(run, "logs", "spark.log")))
        .contains("Running Spark version", "plumbline feedback failed");
  }

  @Test
  @Timeout(60)
  void helpIsAllThereIsOnTheConsole() throws IOException, InterruptedException {
    Process process = plumbline("policy", "--help");

    assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(text("out")).startsWith("Usage: plumbline policy ").contains("  ppo.clip-range ");
    assertThat(text("err")).isEmpty();
  }

  private Process plumbline(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(
            argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:+Ignore"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx512m", "-cp", classPath(), "org.plumbline.Plumbline"));
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  /** Without the tests and their logging settings. */
  private static String classPath() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return String.join(
        File.pathSeparator,
        Arrays.stream(all.split(File.pathSeparator))
            .filter(entry -> !entry.endsWith("test-classes"))
            .toList());
  }

  private String text(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }
}
