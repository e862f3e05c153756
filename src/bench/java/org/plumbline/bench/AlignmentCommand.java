package org.plumbline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long an iteration of PPO and steps of DPO take, Spark and checkpoints included. */
@Command(
    name = "alignment",
    description = {
      "Times iterations of PPO and steps of DPO as jobs take them, in one process.",
      "PPO: 32 rollouts of 32 + 128 tokens, 4 epochs of mini-batches of 8, value head, reference and",
      "reward model. DPO: 8 pairs of 128 + 128 tokens a step, the reference's log-probabilities known."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class AlignmentCommand implements Callable<Integer> {
  @Option(names = "--model", defaultValue = "gpt2-30m", description = "as of training")
  private String model;

  @Option(names = "--tasks", defaultValue = "2", description = "side by side, and ranks")
  private int tasks;

  @Option(names = "--threads", defaultValue = "1", description = "native threads of a task")
  private int threads;

  @Option(
      names = "--iterations",
      defaultValue = "4",
      description = "of PPO, of which the first does not count")
  private int iterations;

  @Option(
      names = "--steps",
      defaultValue = "6",
      description = "of DPO in each of three stages, of which the last counts")
  private int steps;

  @Option(names = "--set", description = "another setting, such as model.compute=bfloat16")
  private List<String> sets = List.of();

  @Override
  public Integer call() throws IOException {
    if (iterations < 2) {
      throw new IllegalArgumentException(
          "Invalid --iterations: %d (must be at least 2: the first does not count)"
              .formatted(iterations));
    }
    Path work = Files.createTempDirectory("bench-alignment");
    try (SparkSession spark = LocalSession.of(String.valueOf(tasks))) {
      Path folder = ModelOptions.folder(model);
      RandomModel.writeScorer(folder, work.resolve("reward"));
      AlignmentRun run =
          new AlignmentRun(
              spark, work, ScaledRun.complete(folder, work.resolve("model")), tasks, threads, sets);
      MarkdownTable.header(
          List.of(
              "PPO, s an iteration", "generate", "score", "update", "overhead", "DPO, pairs/s"));
      List<Map<String, Double>> times = run.ppo(iterations);
      double pairs = run.dpo(steps);
      MarkdownTable.row(
          List.of(
              seconds(times, "iteration_seconds"),
              seconds(times, "generate_seconds"),
              seconds(times, "score_seconds"),
              seconds(times, "update_seconds"),
              seconds(times, "overhead_seconds"),
              "%.2f".formatted(pairs)));
      System.out.println("peak memory: " + Figure.bytes(ProcessMemory.own().peak()));
      return 0;
    } finally {
      RandomModel.delete(work);
    }
  }

  private static String seconds(List<Map<String, Double>> times, String name) {
    double[] each = times.stream().mapToDouble(time -> time.get(name)).toArray();
    return "%.2f (%.2f - %.2f)"
        .formatted(
            Timings.median(each),
            Arrays.stream(each).min().orElseThrow(),
            Arrays.stream(each).max().orElseThrow());
  }
}
