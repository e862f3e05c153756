package org.plumbline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a command wrote, and the peak memory of the largest of its processes.
 *
 * @param output its standard output and standard error
 * @param peak bytes (VmHWM), as last seen a moment before the process ended
 */
record MeasuredProcess(String output, long peak) {
  private static final int LOOK_EVERY_MILLIS = 100;

  /** A command that starts Java as this process was started, to which a class is to be added. */
  static List<String> java(String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of(more)); // of options that contradict each other the last one counts
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  /** A command that starts the benchmarks as this process was started; arguments may be added. */
  static List<String> bench() {
    List<String> command = java();
    command.add(Bench.class.getName());
    return command;
  }

  /** {@code command} for a shell, which it takes the place of. */
  static String quoted(List<String> command) {
    return command.stream()
        .map(part -> "'" + part.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" ", "exec ", ""));
  }

  /**
   * Runs {@code command} in a shell to its end.
   *
   * @throws IOException if it fails
   */
  static MeasuredProcess run(String command) throws IOException {
    Path output = Files.createTempFile("bench-output", ".txt");
    try {
      Process process =
          new ProcessBuilder("bash", "-c", command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      long peak = peakUntilEnd(process);
      String written = Files.readString(output, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new IOException(
            "Cannot run %s: it ended with %d%n%s".formatted(command, process.exitValue(), written));
      }
      return new MeasuredProcess(written, peak);
    } finally {
      Files.delete(output);
    }
  }

  private static long peakUntilEnd(Process process) throws IOException {
    long peak = 0;
    try {
      while (!process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        try (Stream<ProcessHandle> tree =
            Stream.concat(Stream.of(process.toHandle()), process.descendants())) {
          peak = Math.max(peak, tree.mapToLong(MeasuredProcess::peak).max().orElse(0));
        }
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("Cannot wait for a process: interrupted", e);
    }
    return peak;
  }

  private static long peak(ProcessHandle process) {
    try {
      return ProcessMemory.of(process.pid()).peak();
    } catch (IOException | UncheckedIOException e) {
      // It ended between being listed and being looked at.
      return 0;
    }
  }
}
