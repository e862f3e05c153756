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

  /** Runs {@code jobs/script arguments} as {@link #start} does, and returns its exit code. */
  public static int run(String script, String... arguments)
      throws IOException, InterruptedException {
    return start(script, arguments).waitFor();
  }

  /**
   * Starts {@code jobs/script arguments} on the Spark of the build, showing what it says, with
   * Java's settings for what lives a few minutes.
   */
  public static Process start(String script, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of("jobs", script).toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().remove("SPARK_HOME");
    builder.environment().put("PLUMBLINE_JAVA_ARGS", Jvms.SHORT_LIVED);
    return builder.start();
  }

  /** The JSON in {@code file}. */
  public static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }
}
