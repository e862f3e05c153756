package org.plumbline.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.Row;
import org.plumbline.config.RewardTerm;
import org.plumbline.table.Tokens;
import org.plumbline.train.Update;

/** What is told of an iteration. */
final class Figures {
  /** How far log-probabilities as sampled and as scored are from each other, in nats a token. */
  static final String MISMATCH = "sampling_mismatch";

  /** How much completions repeat themselves. */
  static final String REPETITION = "repetition";

  private Figures() {}

  /** Means over the iteration's updates. */
  static Map<String, Double> ofUpdates(List<Update> updates) {
    Map<String, Double> means = new TreeMap<>();
    for (Update update : updates) {
      update
          .means()
          .forEach((name, value) -> means.merge(name, value / updates.size(), Double::sum));
    }
    return means;
  }

  /** An update of the policy with that of a critic of its own at the same time. */
  static Update withCritic(Update policy, Update critic) {
    Map<String, Double> means = new TreeMap<>(policy.means());
    means.put("value_loss", critic.means().get("value_loss"));
    means.put("critic_grad_norm", critic.means().get("grad_norm"));
    means.put("critic_learning_rate", critic.means().get("learning_rate"));
    return new Update(policy.step(), means);
  }

  /**
   * Means over the iteration's completions.
   *
   * @param gold the term that is nearest to the truth; empty if there is none
   */
  static Map<String, Double> ofRollouts(List<Row> rollouts, double klCoef, String gold) {
    double score = mean(rollouts, row -> row.getDouble(row.fieldIndex("reward")));
    double kl = mean(rollouts, row -> row.getDouble(row.fieldIndex("kl")));
    Map<String, Double> means = ofTerms(rollouts);
    if (!gold.isEmpty()) {
      means.putAll(ofGold(rollouts.stream().mapToDouble(row -> terms(row).get(gold)).toArray()));
    }
    means.put(MISMATCH, mismatch(rollouts));
    means.put("score", score);
    means.put("kl", kl);
    means.put("kl_coef", klCoef);
    means.put("rlhf_reward", score - klCoef * kl);
    List<int[]> completions =
        rollouts.stream().map(row -> Tokens.ids(row, "response_ids")).toList();
    means.put(
        "response_tokens",
        completions.stream().mapToInt(each -> each.length).average().orElseThrow());
    means.put("distinct_2", Wording.distinct(completions));
    means.put(REPETITION, Wording.repetition(completions));
    means.put(
        "eos_share",
        mean(rollouts, row -> row.getString(row.fieldIndex("finish")).equals("stop") ? 1 : 0));
    return means;
  }

  /** The mean of each term of the reward, where there is more than what the reward model says. */
  private static Map<String, Double> ofTerms(List<Row> rollouts) {
    Map<String, Double> means = new TreeMap<>();
    Set<String> names = terms(rollouts.get(0)).keySet();
    if (!names.equals(Set.of(RewardTerm.SCORE))) {
      names.forEach(
          name -> means.put("reward_" + name, mean(rollouts, row -> terms(row).get(name))));
    }
    return means;
  }

  private static Map<String, Double> ofGold(double[] gold) {
    double mean = Arrays.stream(gold).average().orElseThrow();
    double squares = Arrays.stream(gold).map(each -> (each - mean) * (each - mean)).sum();
    double variance = squares / Math.max(1, gold.length - 1);
    return Map.of(Control.GOLD, mean, Control.GOLD_ERROR, Math.sqrt(variance / gold.length));
  }

  private static double mismatch(List<Row> rollouts) {
    double sum = 0;
    long tokens = 0;
    for (Row row : rollouts) {
      float[] scored = Tokens.floats(row, "logprobs");
      float[] sampled = Tokens.floats(row, "sampling_logprobs");
      for (int i = 0; i < scored.length; i++) {
        sum += Math.abs(scored[i] - sampled[i]);
      }
      tokens += scored.length;
    }
    return sum / tokens;
  }

  private static Map<String, Double> terms(Row row) {
    return row.getJavaMap(row.fieldIndex("terms"));
  }

  /**
   * How completions of one prompt differ, where there are several.
   *
   * @param worth of a completion
   */
  static Map<String, Double> ofGroups(List<List<Row>> groups, ToDoubleFunction<Row> worth) {
    if (groups.get(0).size() == 1) {
      return Map.of();
    }
    double equal = groups.stream().filter(group -> BatchRollouts.equal(group, worth)).count();
    return Map.of("equal_groups", equal / groups.size());
  }

  private static double mean(List<Row> rows, ToDoubleFunction<Row> value) {
    return rows.stream().mapToDouble(value).average().orElseThrow();
  }
}
