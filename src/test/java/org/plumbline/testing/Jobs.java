package org.plumbline.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs jobs as people do: by the scripts in {@code jobs/}. */
public final class Jobs {
  private Jobs() {}

  /**
   * Runs {@code jobs/script arguments}, showing what it says, and returns its exit code. It runs on
   * the Spark of the build.
   */
  public static int run(String script, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of("jobs", script).toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().remove("SPARK_HOME");
    return builder.start().waitFor();
  }

  /** The JSON in {@code file}. */
  public static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }
}
