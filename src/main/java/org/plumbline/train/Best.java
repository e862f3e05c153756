package org.plumbline.train;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * The best evaluation so far.
 *
 * @param step after which update it was; 0 if there was none yet
 * @param figures what it found, by name
 * @param stale evaluations since then, none of which was better
 */
record Best(long step, Map<String, Double> figures, int stale) implements Serializable {
  /** Before the first evaluation. */
  static final Best NONE = new Best(0, Map.of(), 0);

  /** What figures of an evaluation are called: this, and what training calls the same figure. */
  static final String PREFIX = "eval_";

  private static final String LOSS = PREFIX + Update.LOSS;

  /** Takes an evaluation, whatever order its figures come in. */
  Best {
    figures = new TreeMap<>(figures);
  }

  /**
   * The best with the evaluation after {@code update}. What is not a number is never better.
   *
   * @param metric what it is the best by; a loss is the better the lower it is
   */
  Best with(Update update, String metric) {
    Map<String, Double> found = new TreeMap<>();
    update
        .means()
        .forEach(
            (name, value) -> {
              if (name.startsWith(PREFIX)) {
                found.put(name, value);
              }
            });
    return better(found, PREFIX + metric)
        ? new Best(update.step(), found, 0)
        : new Best(step, figures, stale + 1);
  }

  private boolean better(Map<String, Double> found, String name) {
    if (!found.containsKey(name)) {
      throw new IllegalArgumentException(
          "Invalid eval.metric: %s (must be one of %s)"
              .formatted(name.substring(PREFIX.length()), found.keySet()));
    }
    double now = found.get(name);
    if (step == 0) {
      return !Double.isNaN(now);
    }
    return name.equals(LOSS) ? now < figures.get(name) : now > figures.get(name);
  }
}
