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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  @Option(
      names = "--beside",
      description =
          "also runs of one executor side by side, as many, which share nothing but the machine")
  private boolean beside;

  /**
   * What is timed.
   *
   * @param runs at the same time
   * @param executors of each
   */
  private record Way(int runs, int executors) {
    @Override
    public String toString() {
      return runs == 1 ? String.valueOf(executors) : "%d, each alone".formatted(runs);
    }
  }

  private List<Way> ways() {
    List<Way> ways = new ArrayList<>();
    for (int count : executors) {
      ways.add(new Way(1, count));
      if (beside && count > 1) {
        ways.add(new Way(count, 1));
      }
    }
    return ways;
  }

  @Override
  public Integer call() throws IOException {
    Path work = Files.createTempDirectory("bench-scaling");
    try {
      Path folder = ScaledRun.complete(ModelOptions.folder(model), work.resolve("model"));
      Map<Way, List<ScaledRun.Figures>> figures = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (Way way : ways()) {
          Path runs = work.resolve("runs");
          figures.computeIfAbsent(way, key -> new ArrayList<>()).add(run(folder, way, runs));
          RandomModel.delete(runs);
        }
      }
      print(figures);
      return 0;
    } finally {
      RandomModel.delete(work);
    }
  }

  /** The mean of runs at the same time. */
  private ScaledRun.Figures run(Path folder, Way way, Path runs) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(way.runs());
    try {
      List<Future<ScaledRun.Figures>> running = new ArrayList<>();
      for (int i = 0; i < way.runs(); i++) {
        Path run = runs.resolve(String.valueOf(i));
        running.add(threads.submit(() -> run(folder, way.executors(), run)));
      }
      double steps = 0;
      double rollouts = 0;
      long peak = 0;
      for (Future<ScaledRun.Figures> run : running) {
        ScaledRun.Figures each = run.get();
        steps += each.steps() / way.runs();
        rollouts += each.rollouts() / way.runs();
        peak = Math.max(peak, each.peak());
      }
      return new ScaledRun.Figures(steps, rollouts, peak);
    } catch (ExecutionException | InterruptedException e) {
      throw new IOException("Cannot run %s executors: %s".formatted(way, e.getMessage()), e);
    } finally {
      threads.shutdownNow();
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

  private void print(Map<Way, List<ScaledRun.Figures>> figures) {
    MarkdownTable.header(
        List.of(
            "executors",
            "training, s a step",
            "efficiency",
            "rollouts, s",
            "efficiency",
            "peak memory"));
    Way first = ways().get(0);
    figures.forEach(
        (way, each) ->
            MarkdownTable.row(
                List.of(
                    way.toString(),
                    "%.3f".formatted(median(each, ScaledRun.Figures::steps) / steps),
                    efficiency(figures.get(first), each, first, way, ScaledRun.Figures::steps),
                    "%.2f".formatted(median(each, ScaledRun.Figures::rollouts)),
                    efficiency(figures.get(first), each, first, way, ScaledRun.Figures::rollouts),
                    Figure.bytes(
                        each.stream().mapToLong(ScaledRun.Figures::peak).max().orElse(0)))));
  }

  /** The median over rounds and its range: each compares runs that came one after the other. */
  private static String efficiency(
      List<ScaledRun.Figures> base,
      List<ScaledRun.Figures> other,
      Way first,
      Way way,
      ToDoubleFunction<ScaledRun.Figures> seconds) {
    double[] ratios = new double[other.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] =
          seconds.applyAsDouble(base.get(i))
              * first.executors()
              / (seconds.applyAsDouble(other.get(i)) * way.executors());
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
