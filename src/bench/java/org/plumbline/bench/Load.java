package org.plumbline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What the cores did up to a moment: figures taken while others worked too are worth little.
 *
 * @param total ticks of all cores since the machine started
 * @param busy those that were not idle
 * @param own those of this process and of the processes that it started and saw end
 */
record Load(long total, long busy, long own) {
  static Load now() throws IOException {
    String line = Files.readAllLines(Path.of("/proc/stat")).get(0);
    // user nice system idle iowait irq softirq steal; guests are counted among users
    long[] ticks =
        Arrays.stream(line.split(" +")).skip(1).limit(8).mapToLong(Long::parseLong).toArray();
    long total = Arrays.stream(ticks).sum();
    return new Load(total, total - ticks[3] - ticks[4], ownTicks());
  }

  /** User and system time, then the same of children: the 14th to the 17th field. */
  private static long ownTicks() throws IOException {
    String status = Files.readString(Path.of("/proc/self/stat"));
    // The second field is the program's name in brackets, which may hold blanks.
    String[] fields = status.substring(status.lastIndexOf(')') + 2).split(" ");
    return Arrays.stream(fields).skip(11).limit(4).mapToLong(Long::parseLong).sum();
  }

  /** The share of all cores that other processes have had since {@code before}, 0 to 1. */
  double others(Load before) {
    double others = (busy - before.busy) - (own - before.own);
    return Math.max(0, others / Math.max(1, total - before.total));
  }
}
