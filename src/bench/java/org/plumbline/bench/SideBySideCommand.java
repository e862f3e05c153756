package org.plumbline.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs two commands in turn and compares the figures that they print. */
@Command(
    name = "side-by-side",
    description = "Runs two commands in turn and compares the figures that they print.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class SideBySideCommand implements Callable<Integer> {
  @Option(names = "--ours", required = true, description = "shell command")
  private String ours;

  @Option(names = "--peer", required = true, description = "shell command")
  private String peer;

  @Option(names = "--runs", defaultValue = "5", description = "runs of each")
  private int runs;

  @Option(
      names = "--figure",
      defaultValue = "median ([0-9.]+) tok/s",
      description = "what is compared: an expression whose group is a number, the more the better")
  private Pattern figure;

  /** Every figure of one run, in the order of its output. */
  private record Run(List<Double> figures, long peak) {}

  @Override
  public Integer call() throws IOException {
    if (runs < 1) {
      throw new IllegalArgumentException("Invalid --runs: " + runs + " (must be >= 1)");
    }
    List<Run> our = new ArrayList<>();
    List<Run> peers = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      our.add(run("ours", ours));
      peers.add(run("peer", peer));
    }
    int figures = our.get(0).figures().size();
    if (figures != peers.get(0).figures().size()) {
      throw new IOException(
          "Cannot compare: ours prints %d figures, the peer %d"
              .formatted(figures, peers.get(0).figures().size()));
    }
    MarkdownTable.header(
        List.of("", "median", "lowest", "highest", "peak memory of the largest process"));
    for (int i = 0; i < figures; i++) {
      compare(column(our, i), column(peers, i), our, peers);
    }
    return 0;
  }

  private Run run(String name, String command) throws IOException {
    MeasuredProcess process = MeasuredProcess.run(command);
    List<Double> figures =
        figure
            .matcher(process.output())
            .results()
            .map(result -> Double.valueOf(result.group(1)))
            .toList();
    if (figures.isEmpty()) {
      throw new IOException(
          "Cannot find --figure %s in what %s printed:%n%s"
              .formatted(figure, command, process.output()));
    }
    System.err.println(name + ": " + figures + ", " + Figure.bytes(process.peak()));
    return new Run(figures, process.peak());
  }

  private static double[] column(List<Run> runs, int figure) {
    return runs.stream().mapToDouble(run -> run.figures().get(figure)).toArray();
  }

  private static void compare(double[] ours, double[] peers, List<Run> our, List<Run> peer) {
    row("ours", ours, our);
    row("peer", peers, peer);
    double[] pairs = new double[ours.length];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = ours[i] / peers[i];
    }
    MarkdownTable.row(
        List.of(
            "ours / peer",
            ratio(Timings.median(ours) / Timings.median(peers)),
            ratio(Arrays.stream(pairs).min().orElseThrow()),
            ratio(Arrays.stream(pairs).max().orElseThrow()),
            ratio(peak(our) / (double) peak(peer))));
  }

  private static void row(String name, double[] figures, List<Run> runs) {
    MarkdownTable.row(
        List.of(
            name,
            number(Timings.median(figures)),
            number(Arrays.stream(figures).min().orElseThrow()),
            number(Arrays.stream(figures).max().orElseThrow()),
            Figure.bytes(peak(runs))));
  }

  private static long peak(List<Run> runs) {
    return runs.stream().mapToLong(Run::peak).max().orElseThrow();
  }

  private static String number(double figure) {
    return String.format(Locale.ROOT, "%.0f", figure);
  }

  private static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }
}
