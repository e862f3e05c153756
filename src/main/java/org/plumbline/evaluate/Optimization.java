package org.plumbline.evaluate;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.plumbline.stage.StageContext;
import org.plumbline.table.MetricsTable;

/**
 * What the reinforcement loop gained with the distance from its start, by what it optimised and by
 * what is nearest to the truth.
 *
 * @param iterations that were taken
 * @param kl of the last iteration's completions to the start, in nats
 * @param scoreFit of what was optimised; null where there are too few iterations
 * @param goldFit of {@code ppo.control.gold}; null without one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Optimization(long iterations, double kl, Fit scoreFit, Fit goldFit) {
  private static final String METRICS = "ppo/metrics";

  /** That of the run, if it has such a loop. */
  public static Optional<Optimization> of(StageContext context) {
    if (!context.run().has(METRICS)) {
      return Optional.empty();
    }
    TreeMap<Long, Map<String, Double>> course =
        MetricsTable.bySteps(
            MetricsTable.TABLE
                .read(context.spark(), context.run().at(METRICS))
                .where(col("name").isin("kl", "score", "gold")));
    if (course.isEmpty()) {
      return Optional.empty();
    }
    List<Map<String, Double>> figures = List.copyOf(course.values());
    return Optional.of(
        new Optimization(
            figures.size(),
            course.lastEntry().getValue().get("kl"),
            fit(figures, "score"),
            fit(figures, "gold")));
  }

  private static Fit fit(List<Map<String, Double>> figures, String name) {
    if (!figures.stream().allMatch(each -> each.containsKey(name))) {
      return null;
    }
    double start = figures.get(0).get(name);
    return Fit.ofReinforcement(
            figures.stream()
                .map(
                    each ->
                        new Fit.Point(
                            Math.sqrt(Math.max(0, each.get("kl"))), each.get(name) - start))
                .toList())
        .orElse(null);
  }
}
