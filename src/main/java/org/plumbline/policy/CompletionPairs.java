package org.plumbline.policy;

import java.util.List;
import org.apache.spark.sql.Row;
import org.plumbline.config.PpoSettings;
import org.plumbline.config.Settings;
import org.plumbline.direct.PreferenceObjective;
import org.plumbline.direct.ReferencedPair;
import org.plumbline.table.Tokens;
import org.plumbline.train.Objective;
import org.plumbline.train.TokenPair;

/**
 * The lesson of online direct methods: of each prompt's completions the one that earned most,
 * preferred to the one that earned least (Guo et al. 2024, arXiv:2402.04792).
 */
final class CompletionPairs implements Lesson<ReferencedPair> {
  private final PpoSettings settings;
  private final Worth worth;
  private final PreferenceObjective objective;

  /** Of the loss that {@code settings} name for pairs. */
  CompletionPairs(Settings settings) {
    this.settings = settings.ppo();
    this.worth = new Worth(settings.ppo());
    this.objective =
        PreferenceObjective.of(settings.dpo(), settings.ppo().generation().temperature());
  }

  @Override
  public List<ReferencedPair> of(List<Row> rollouts, double klCoef) {
    return Groups.of(rollouts, settings.samplesPerPrompt()).stream()
        .map(group -> pair(worth.ranked(group, klCoef), klCoef))
        .toList();
  }

  private ReferencedPair pair(List<Row> ranked, double klCoef) {
    Row best = ranked.get(0);
    Row worst = ranked.get(ranked.size() - 1);
    boolean equal =
        worth.earned(best, klCoef, null).total() == worth.earned(worst, klCoef, null).total();
    return new ReferencedPair(
        new TokenPair(
            Tokens.ids(best, "prompt_ids"),
            Tokens.ids(best, "response_ids"),
            Tokens.ids(worst, "response_ids"),
            equal ? 0.5 : 1,
            1),
        reference(best),
        reference(worst));
  }

  private static double reference(Row row) {
    double sum = 0;
    for (float logprob : Tokens.floats(row, "ref_logprobs")) {
      sum += logprob;
    }
    return sum;
  }

  @Override
  public int count(int completions) {
    return completions / settings.samplesPerPrompt();
  }

  @Override
  public Objective<ReferencedPair> objective() {
    return objective;
  }
}
