package org.plumbline.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A table of peak memory: models by levers, each in a JVM of its own. */
@Command(
    name = "memory",
    description = "Measures the peak memory of training: models by what is done to save memory.",
    mixinStandardHelpOptions = true)
final class MemoryCommand implements Callable<Integer> {
  private static final Pattern CASE = Pattern.compile("(.+):(\\d+)x(\\d+)");

  @Option(
      names = "--case",
      split = ",",
      defaultValue = "gpt2-30m:8x256,gpt2-124m:4x256,qwen2.5-0.5b:1x256",
      description = {"MODEL:ROWSxTOKENS, perhaps several.", "Default: ${DEFAULT-VALUE}"})
  private List<String> cases;

  @Option(
      names = "--steps",
      defaultValue = "2",
      description = "updates of each. Default: ${DEFAULT-VALUE}")
  private int steps;

  @Override
  public Integer call() throws IOException {
    List<TrainingSetup> setups = new ArrayList<>();
    for (String text : cases) {
      setups.add(setup(text));
    }
    List<String> columns = new ArrayList<>(List.of("peak memory", "parameters"));
    Arrays.stream(Lever.values()).map(Lever::title).forEach(columns::add);
    MarkdownTable.header(columns);
    for (TrainingSetup setup : setups) {
      row(setup);
    }
    return 0;
  }

  private static TrainingSetup setup(String text) throws IOException {
    Matcher parts = CASE.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "Invalid --case: %s (must be MODEL:ROWSxTOKENS)".formatted(text));
    }
    return new TrainingSetup(
        ModelOptions.folder(parts.group(1)),
        Runtime.getRuntime().availableProcessors(),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)),
        Way.PLAIN);
  }

  private void row(TrainingSetup plain) {
    List<String> cells = new ArrayList<>();
    String parameters = "";
    for (Lever lever : Lever.values()) {
      Optional<TrainingFigures> figures = lever.pull(plain).flatMap(this::figures);
      cells.add(figures.map(known -> Figure.bytes(known.peak())).orElse("-"));
      parameters = figures.map(known -> Figure.millions(known.parameters())).orElse(parameters);
    }
    cells.add(0, plain.name());
    cells.add(1, parameters);
    MarkdownTable.row(cells);
  }

  /** Nothing where memory did not suffice: that is an answer too, and the table goes on. */
  private Optional<TrainingFigures> figures(TrainingSetup setup) {
    try {
      List<String> more = List.of("--warm-up=0", "--steps=" + steps, "--no-machine");
      return Optional.of(StepProcess.run(setup, more));
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return Optional.empty();
    }
  }
}
