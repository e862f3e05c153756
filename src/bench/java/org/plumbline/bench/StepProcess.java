package org.plumbline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Training steps in a JVM of their own, so that its peak memory is theirs alone. */
final class StepProcess {
  private StepProcess() {}

  /**
   * Runs {@link StepCommand}, started as this JVM was.
   *
   * @param more further arguments
   * @throws IOException if it fails; memory may not have sufficed
   */
  static TrainingFigures run(TrainingSetup setup, List<String> more) throws IOException {
    List<String> command = MeasuredProcess.bench();
    command.add("step");
    command.add("--json");
    command.addAll(setup.arguments());
    command.addAll(more);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = awaited(process);
    if (code != 0) {
      throw new IOException("Cannot train %s: its process ended with %d".formatted(setup, code));
    }
    return new ObjectMapper()
        .readValue(output.lines().reduce((first, last) -> last).orElse(""), TrainingFigures.class);
  }

  private static int awaited(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Cannot wait for a process: interrupted", e);
    }
  }
}
