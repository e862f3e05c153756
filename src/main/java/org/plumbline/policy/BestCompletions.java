package org.plumbline.policy;

import java.util.List;
import org.apache.spark.sql.Row;
import org.plumbline.config.PpoSettings;
import org.plumbline.train.Imitation;
import org.plumbline.train.Objective;
import org.plumbline.train.TokenResponse;

/**
 * The lesson of rejection sampling: of each prompt's completions the one that earned most, to be
 * imitated (RAFT, Dong et al. 2023, arXiv:2304.06767).
 */
final class BestCompletions implements Lesson<TokenResponse> {
  private final PpoSettings settings;
  private final Worth worth;

  BestCompletions(PpoSettings settings) {
    this.settings = settings;
    this.worth = new Worth(settings);
  }

  @Override
  public List<TokenResponse> of(List<Row> rollouts, double klCoef) {
    return Groups.of(rollouts, settings.samplesPerPrompt()).stream()
        .map(group -> TokenResponse.of(worth.ranked(group, klCoef).get(0)))
        .toList();
  }

  @Override
  public int count(int completions) {
    return completions / settings.samplesPerPrompt();
  }

  @Override
  public Objective<TokenResponse> objective() {
    return new Imitation(settings.generation().temperature());
  }
}
