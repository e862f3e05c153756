package org.plumbline.policy;

import java.util.List;
import org.apache.spark.sql.Row;
import org.plumbline.config.Settings;
import org.plumbline.train.Example;
import org.plumbline.train.Objective;

/**
 * What a policy learns from the completions of an iteration.
 *
 * @param <E> an example that it learns from
 */
interface Lesson<E extends Example> {
  /**
   * The examples of an iteration, as many as {@link #count} says.
   *
   * @param rollouts those of one prompt next to each other
   * @param klCoef weight of the KL, where it is a part of what completions earn
   */
  List<E> of(List<Row> rollouts, double klCoef);

  /** Examples that so many completions make. */
  int count(int completions);

  /** What is wanted of the policy. */
  Objective<E> objective();

  /** The one that {@code settings} ask for. */
  static Lesson<?> of(Settings settings) {
    return switch (settings.ppo().learnFrom()) {
      case "advantages" -> PpoExamples.of(settings.ppo());
      case "best" -> new BestCompletions(settings.ppo());
      case "pairs" -> new CompletionPairs(settings);
      default ->
          throw new IllegalArgumentException(
              "Invalid ppo.learn-from: " + settings.ppo().learnFrom());
    };
  }
}
