package org.plumbline.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How fast ranks sum over the loopback interface, ours beside the least that a ring can be. */
@Command(
    name = "collectives",
    description = "Measures sums over ranks, in processes of this machine.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class CollectivesCommand implements Callable<Integer> {
  private static final int JOINS = 9;
  private static final int MEGABYTE = 1 << 20;

  /** So much is summed between two readings of the clock, but not more than so many times. */
  private static final int MEGABYTES_A_TURN = 128;

  private static final int MOST_TIMES = 32;

  @Option(names = "--sizes", split = ",", defaultValue = "1,64,512", description = "MiB of buffers")
  private List<Integer> sizes;

  @Option(names = "--ranks", split = ",", defaultValue = "2,4", description = "processes")
  private List<Integer> worlds;

  @Option(
      names = "--rounds",
      defaultValue = "7",
      description = "turns of each after two to warm up")
  private int rounds;

  @Override
  public Integer call() throws IOException {
    if (rounds < 1 || sizes.stream().anyMatch(size -> size < 1 || size > 1024)) {
      throw new IllegalArgumentException("Invalid --rounds or --sizes (must be 1 to 1024 MiB)");
    }
    System.out.println("GB/s of the buffer: median (lowest - highest)");
    MarkdownTable.header(
        List.of(
            "ranks",
            "MiB",
            "ring",
            "encrypted",
            "bare sockets' ring",
            "ring / bare",
            "encrypted / ring",
            "one-way stream",
            "memory copy"));
    for (int world : worlds) {
      measure(world);
    }
    return 0;
  }

  private void measure(int world) throws IOException {
    try (CollectiveRanks ranks = new CollectiveRanks(world, Collections.max(sizes) * MEGABYTE)) {
      for (int size : sizes) {
        row(world, size, inTurn(ranks, size));
      }
      double[] joins = new double[JOINS];
      for (int i = 0; i < joins.length; i++) {
        joins[i] = ranks.measure(Collective.JOIN, 0, 1);
      }
      System.err.printf(
          Locale.ROOT,
          "%d ranks come together in %.3f s (%.3f - %.3f)%n",
          world,
          Timings.median(joins),
          Arrays.stream(joins).min().orElseThrow(),
          Arrays.stream(joins).max().orElseThrow());
    }
  }

  /** All ways take turns, so that what else the machine does disturbs them alike. */
  private Map<Collective, double[]> inTurn(CollectiveRanks ranks, int size) throws IOException {
    int warming = 2;
    int times = Math.min(MOST_TIMES, Math.max(1, MEGABYTES_A_TURN / size));
    Map<Collective, double[]> rates = new EnumMap<>(Collective.class);
    for (int round = -warming; round < rounds; round++) {
      for (Collective what : Collective.values()) {
        if (what == Collective.JOIN) {
          continue;
        }
        double rate = size * (double) MEGABYTE / ranks.measure(what, size * MEGABYTE, times);
        if (round >= 0) {
          rates.computeIfAbsent(what, w -> new double[rounds])[round] = rate;
        }
      }
    }
    return rates;
  }

  private static void row(int world, int size, Map<Collective, double[]> rates) {
    MarkdownTable.row(
        List.of(
            String.valueOf(world),
            String.valueOf(size),
            rate(rates.get(Collective.RING)),
            rate(rates.get(Collective.ENCRYPTED)),
            rate(rates.get(Collective.SOCKETS)),
            ratio(rates.get(Collective.RING), rates.get(Collective.SOCKETS)),
            ratio(rates.get(Collective.ENCRYPTED), rates.get(Collective.RING)),
            rate(rates.get(Collective.STREAM)),
            rate(rates.get(Collective.COPY))));
  }

  private static String rate(double[] rates) {
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f - %.2f)",
        Timings.median(rates) / 1e9,
        Arrays.stream(rates).min().orElseThrow() / 1e9,
        Arrays.stream(rates).max().orElseThrow() / 1e9);
  }

  private static String ratio(double[] some, double[] others) {
    return String.format(Locale.ROOT, "%.2f", Timings.median(some) / Timings.median(others));
  }
}
