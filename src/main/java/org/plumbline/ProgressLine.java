package org.plumbline;

import java.util.Locale;

/**
 * What is known of a task at one moment, in words.
 *
 * @param task name as people know it
 * @param total steps in all; 0 if nobody knows
 * @param done steps done
 * @param perSecond steps a second; 0 until it can be told
 * @param seconds time since the task began
 * @param note a short figure, such as a loss; may be empty
 */
record ProgressLine(
    String task, long total, long done, double perSecond, double seconds, String note) {
  private static final int BAR = 20;

  /** While it runs, with a bar. */
  String drawn() {
    int filled = total == 0 ? 0 : (int) Math.min(BAR, BAR * done / total);
    String bar = "[" + "#".repeat(filled) + "-".repeat(BAR - filled) + "]";
    return join("%-12s".formatted(task), bar, share(), count(), rate(), left(), note);
  }

  /** While it runs, without a bar. */
  String plain() {
    return join(task, share(), count(), rate(), left(), note);
  }

  /** When it has ended, finished or not. */
  String last() {
    return join(task, count(), "in " + time(seconds), rate(), note);
  }

  private static String join(String... parts) {
    StringBuilder line = new StringBuilder();
    for (String part : parts) {
      if (!part.isEmpty()) {
        line.append(line.isEmpty() ? "" : "  ").append(part);
      }
    }
    return line.toString();
  }

  private String share() {
    return total == 0 ? "" : "%3d %%".formatted(100 * done / total);
  }

  private String count() {
    return total == 0 ? Long.toString(done) : done + "/" + total;
  }

  private String rate() {
    if (perSecond <= 0) {
      return "";
    }
    if (perSecond < 0.5) {
      return String.format(Locale.ROOT, "%.1f/min", perSecond * 60);
    }
    return String.format(Locale.ROOT, perSecond < 10 ? "%.1f/s" : "%.0f/s", perSecond);
  }

  private String left() {
    return perSecond <= 0 || total == 0 ? "" : time((total - done) / perSecond) + " left";
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%d:%02d".formatted(whole / 60, whole % 60)
        : "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
  }
}
