package org.plumbline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What more executors bring: training and rollouts by one and by several, in turn. */
@Command(
    name = "scaling",
    description = {
      "Times the same training and the same rollouts on executors of one core each, in turn.",
      "Efficiency is the speed of N executors by N times that of one."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class ScalingCommand implements Callable<Integer> {
  @Option(names = "--model", defaultValue = "gpt2-30m", description = "as of training")
  private String model;

  @Option(names = "--executors", split = ",", defaultValue = "1,2", description = "how many")
  private List<Integer> executors;

  @Option(names = "--steps", defaultValue = "8", description = "updates of a stage")
  private int steps;

  @Option(names = "--prompts", defaultValue = "32", description = "to complete in a stage")
  private int prompts;

  @Option(names = "--rounds", defaultValue = "3", description = "runs of each, in turn")
  private int rounds;

  @Option(names = "--async-checkpoints", description = "write them while the next stage trains")
  private boolean async;

  @Override
  public Integer call() throws IOException {
    Path work = Files.createTempDirectory("bench-scaling");
    try {
      Path folder = ScaledRun.complete(ModelOptions.folder(model), work.resolve("model"));
      Map<Integer, List<ScaledRun.Figures>> figures = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (int count : executors) {
          Path run = work.resolve("run-" + round + "-" + count);
          figures.computeIfAbsent(count, key -> new ArrayList<>()).add(run(folder, count, run));
          RandomModel.delete(run);
        }
      }
      print(figures);
      return 0;
    } finally {
      RandomModel.delete(work);
    }
  }

  private ScaledRun.Figures run(Path folder, int count, Path run) throws IOException {
    List<String> command = MeasuredProcess.bench();
    command.addAll(
        List.of(
            "scaled-run",
            "--model=" + folder,
            "--executors=" + count,
            "--steps=" + steps,
            "--prompts=" + prompts,
            "--async-checkpoints=" + async,
            "--folder=" + run));
    String output = MeasuredProcess.run(MeasuredProcess.quoted(command)).output();
    String json = output.lines().filter(line -> line.startsWith("{")).reduce("", (a, b) -> b);
    return new ObjectMapper().readValue(json, ScaledRun.Figures.class);
  }

  private void print(Map<Integer, List<ScaledRun.Figures>> figures) {
    MarkdownTable.header(
        List.of(
            "executors",
            "training, s a step",
            "efficiency",
            "rollouts, s",
            "efficiency",
            "peak memory"));
    int first = executors.get(0);
    figures.forEach(
        (count, each) ->
            MarkdownTable.row(
                List.of(
                    String.valueOf(count),
                    "%.3f".formatted(median(each, ScaledRun.Figures::steps) / steps),
                    efficiency(figures.get(first), each, first, count, ScaledRun.Figures::steps),
                    "%.2f".formatted(median(each, ScaledRun.Figures::rollouts)),
                    efficiency(figures.get(first), each, first, count, ScaledRun.Figures::rollouts),
                    Figure.bytes(
                        each.stream().mapToLong(ScaledRun.Figures::peak).max().orElse(0)))));
  }

  /** The median over rounds and its range: each compares runs that came one after the other. */
  private static String efficiency(
      List<ScaledRun.Figures> base,
      List<ScaledRun.Figures> other,
      int first,
      int count,
      ToDoubleFunction<ScaledRun.Figures> seconds) {
    double[] ratios = new double[other.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] =
          seconds.applyAsDouble(base.get(i))
              * first
              / (seconds.applyAsDouble(other.get(i)) * count);
    }
    return "%.2f (%.2f-%.2f)"
        .formatted(
            Timings.median(ratios),
            Arrays.stream(ratios).min().orElseThrow(),
            Arrays.stream(ratios).max().orElseThrow());
  }

  private static double median(
      List<ScaledRun.Figures> figures, ToDoubleFunction<ScaledRun.Figures> seconds) {
    return Timings.median(figures.stream().mapToDouble(seconds).toArray());
  }
}
