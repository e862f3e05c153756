package org.plumbline.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What the cores did up to a moment: figures taken while others worked too are worth little.
 *
 * @param total ticks of all cores since the machine started
 * @param busy those that were not idle
 * @param own nanoseconds of processor time that this process has used
 * @param clock nanoseconds
 */
record Load(long total, long busy, long own, long clock) {
  static Load now() throws IOException {
    String line = Files.readAllLines(Path.of("/proc/stat")).get(0);
    // user nice system idle iowait irq softirq steal; guests are counted among users
    long[] ticks =
        Arrays.stream(line.split(" +")).skip(1).limit(8).mapToLong(Long::parseLong).toArray();
    long total = Arrays.stream(ticks).sum();
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Load(
        total, total - ticks[3] - ticks[4], system.getProcessCpuTime(), System.nanoTime());
  }

  /** The share of all cores that other processes have had since {@code before}, 0 to 1. */
  double others(Load before) {
    double all = (double) (busy - before.busy) / Math.max(1, total - before.total);
    double cores = Runtime.getRuntime().availableProcessors();
    double ours = (own - before.own) / (cores * (clock - before.clock));
    return Math.max(0, all - ours);
  }
}
