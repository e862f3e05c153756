package org.plumbline.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.lit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.plumbline.config.BestOfSettings;
import org.plumbline.objective.BestOfN;
import org.plumbline.stage.StageContext;
import org.plumbline.table.RolloutsTable;

/**
 * What comes of choosing the best of n completions by the reward, for n = 1, 2, 4 and so on: what
 * the reward says of it, and what gold says, which nobody chose by. Where gold falls while the
 * reward rises, the reward is over-optimised (Gao et al. 2023, arXiv:2210.10760).
 */
public final class BestOfStage {
  /** Where the completions are that it chooses from. */
  public static final String ROLLOUTS = "best-of/rollouts";

  private final StageContext context;
  private final BestOfSettings settings;

  /** The stage within a run whose prompts have been completed. */
  public BestOfStage(StageContext context) {
    this.context = context;
    this.settings = context.settings().bestOf();
  }

  /**
   * Of the best of n: means over prompts and their standard errors.
   *
   * @param kl to the policy that draws, in nats
   * @param reward by which it was chosen
   * @param gold null without one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Chosen(
      double kl, double reward, double rewardError, Double gold, Double goldError) {}

  /**
   * What was measured.
   *
   * @param policies by name: {@code best of 4}
   * @param rewardFit of the reward's gain
   * @param goldFit of gold's gain
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Result(Map<String, Chosen> policies, long prompts, Fit rewardFit, Fit goldFit) {}

  /** The completions of a prompt. */
  private record Group(double[] rewards, double[] gold) {}

  /** Chooses from what is in the table. */
  public Result execute() {
    List<Group> groups = groups();
    Map<String, Chosen> policies = new LinkedHashMap<>();
    for (int n = 1; n <= settings.samples(); n *= 2) {
      policies.put("best of " + n, chosen(new BestOfN(n), groups));
    }
    List<Chosen> all = List.copyOf(policies.values());
    return new Result(
        policies,
        groups.size(),
        Fit.ofSearch(points(all, Chosen::reward)).orElse(null),
        hasGold() ? Fit.ofSearch(points(all, Chosen::gold)).orElse(null) : null);
  }

  private boolean hasGold() {
    return !settings.gold().isEmpty();
  }

  private List<Group> groups() {
    Column gold = hasGold() ? col("terms").getItem(settings.gold()) : lit(0.0);
    List<Group> groups = new ArrayList<>();
    for (Row row :
        RolloutsTable.TABLE
            .read(context.spark(), context.run().at(ROLLOUTS))
            .groupBy("prompt_id")
            .agg(collect_list(col("reward")), collect_list(gold))
            .orderBy("prompt_id")
            .collectAsList()) {
      groups.add(new Group(numbers(row, 1), numbers(row, 2)));
    }
    return groups;
  }

  private double[] numbers(Row row, int index) {
    List<Double> values = row.getList(index);
    if (values.size() != settings.samples()) {
      throw new IllegalArgumentException(
          "Invalid best-of.gold: %s (must be a term of the reward that every completion has)"
              .formatted(settings.gold()));
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private Chosen chosen(BestOfN best, List<Group> groups) {
    SummaryStatistics reward = new SummaryStatistics();
    SummaryStatistics gold = new SummaryStatistics();
    for (Group group : groups) {
      reward.addValue(best.expected(group.rewards, group.rewards));
      gold.addValue(best.expected(group.rewards, group.gold));
    }
    return new Chosen(
        best.kl(),
        reward.getMean(),
        error(reward),
        hasGold() ? gold.getMean() : null,
        hasGold() ? error(gold) : null);
  }

  private static double error(SummaryStatistics values) {
    return values.getStandardDeviation() / Math.sqrt(values.getN());
  }

  private static List<Fit.Point> points(List<Chosen> all, ToDoubleFunction<Chosen> value) {
    double start = value.applyAsDouble(all.get(0));
    return all.stream()
        .map(each -> new Fit.Point(Math.sqrt(each.kl()), value.applyAsDouble(each) - start))
        .toList();
  }
}
