package org.plumbline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.plumbline.Plumbline;

/**
 * The commands {@code plumbline feedback} and {@code plumbline curate}, each in a JVM of its own,
 * started as this one was but with another heap.
 *
 * @param heap as {@code -Xmx} takes it
 * @param master Spark's master
 * @param sparkSettings more of Spark's settings, {@code key=value}
 * @param run the run folder
 */
record CurationProcess(String heap, String master, List<String> sparkSettings, Path run) {
  /** What {@code feedback} and {@code curate} took, and what came out. */
  record Figures(Stage feedback, Stage curate, long pairs) {
    long peak() {
      return Math.max(feedback.peak(), curate.peak());
    }

    double seconds() {
      return feedback.seconds() + curate.seconds();
    }
  }

  /**
   * One stage.
   *
   * @param seconds of the stage itself, without the start of Java and Spark
   * @param peak bytes that its process ever had in memory
   */
  record Stage(double seconds, long peak) {}

  /** Reads the shards in {@code feedback} and curates them. */
  Figures execute(Path feedback) throws IOException {
    Stage reading = stage("feedback", List.of("--feedback", feedback.toString()));
    Stage curating = stage("curate", List.of());
    return new Figures(reading, curating, json("curate/result.json").path("pairs").asLong());
  }

  /** Makes the judgments, in a process of its own too. */
  static void generate(long rows, Path folder) throws IOException {
    List<String> command = java("1g");
    command.add(Bench.class.getName());
    command.addAll(List.of("judgments", "--rows", String.valueOf(rows), "--to", folder.toString()));
    System.err.print(MeasuredProcess.run(MeasuredProcess.quoted(command)).output());
  }

  private Stage stage(String name, List<String> more) throws IOException {
    List<String> command = java(heap);
    command.add("-Dspark.master=" + master);
    command.add("-Dspark.local.dir=" + run.resolve("spark"));
    command.add("-Dspark.extraListeners=" + StageTimes.class.getName());
    command.add("-D" + StageTimes.FILE + "=" + run.resolve(name + "-stages.md"));
    sparkSettings.forEach(setting -> command.add("-D" + setting));
    command.add(Plumbline.class.getName());
    command.addAll(List.of(name, "--run", run.toString()));
    command.addAll(more);
    MeasuredProcess process = MeasuredProcess.run(MeasuredProcess.quoted(command));
    Files.writeString(run.resolve(name + "-output.txt"), process.output());
    return new Stage(json("result.json").path("seconds").path(name).asDouble(), process.peak());
  }

  private JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(run.resolve(file).toFile());
  }

  private static List<String> java(String heap) {
    return MeasuredProcess.java("-Xmx" + heap);
  }
}
