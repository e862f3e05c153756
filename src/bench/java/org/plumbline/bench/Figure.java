package org.plumbline.bench;

import java.util.Locale;

/** Numbers as a reader wants them. */
final class Figure {
  private Figure() {}

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  static String bytes(long bytes) {
    return bytes < 1 << 30
        ? String.format(Locale.ROOT, bytes < 10 << 20 ? "%.1f MiB" : "%.0f MiB", bytes / 0x1p20)
        : String.format(Locale.ROOT, "%.2f GiB", bytes / 0x1p30);
  }

  static String millions(long count) {
    return String.format(Locale.ROOT, "%.1f M", count / 1e6);
  }

  static String flop(double perSecond) {
    return String.format(Locale.ROOT, "%.0f GFLOP/s", perSecond / 1e9);
  }

  static String bandwidth(double perSecond) {
    return String.format(Locale.ROOT, "%.1f GB/s", perSecond / 1e9);
  }
}
