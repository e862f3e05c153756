package org.plumbline.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where an iteration's time goes, in seconds.
 *
 * @param total by the clock
 * @param generate that its tasks drew completions, all of them side by side
 * @param score likewise, that models judged what was drawn
 * @param update likewise, that ranks trained
 */
record IterationTime(double total, double generate, double score, double update) {
  /** What is left: Spark, tables, the driver's own work, and tasks that wait for the longest. */
  double overhead() {
    return Math.max(0, total - generate - score - update);
  }

  private Map<String, Double> parts() {
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("generate", generate);
    parts.put("score", score);
    parts.put("update", update);
    parts.put("overhead", overhead());
    return parts;
  }

  /** For the table. */
  Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("iteration_seconds", total);
    parts().forEach((name, seconds) -> figures.put(name + "_seconds", seconds));
    return figures;
  }

  /** For people. */
  @Override
  public String toString() {
    return parts().entrySet().stream()
        .map(part -> "%s %.0f %%".formatted(part.getKey(), 100 * part.getValue() / total))
        .collect(Collectors.joining(", ", "%.1f s: ".formatted(total), ""));
  }
}
