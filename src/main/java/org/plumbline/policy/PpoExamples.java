package org.plumbline.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.plumbline.config.PpoSettings;
import org.plumbline.objective.KlEstimator;
import org.plumbline.objective.OverlongPenalty;
import org.plumbline.objective.TokenRewards;
import org.plumbline.table.Tokens;

/**
 * From rollouts to what a policy learns from: rewards, and how much better they are than expected.
 */
final class PpoExamples {
  private static final float[] NONE = {};

  private final PpoSettings settings;
  private final AdvantageEstimator estimator;
  private final Optional<OverlongPenalty> overlong;

  PpoExamples(PpoSettings settings) {
    this.settings = settings;
    this.estimator = AdvantageEstimator.of(settings);
    this.overlong =
        settings.overlongBuffer() == 0
            ? Optional.empty()
            : Optional.of(
                new OverlongPenalty(
                    settings.generation().maxNewTokens(), settings.overlongBuffer()));
  }

  /**
   * One example a rollout.
   *
   * @param rollouts those of one prompt next to each other
   * @param klCoef weight of the KL, where it is a part of the rewards
   */
  List<PpoExample> of(List<Row> rollouts, double klCoef) {
    TokenRewards rewards =
        new TokenRewards(
            settings.klInLoss() ? 0 : klCoef, KlEstimator.named(settings.klEstimator()));
    List<Earned> earned = rollouts.stream().map(row -> earned(row, rewards)).toList();
    List<Estimate> estimates = estimator.of(earned);
    List<PpoExample> examples = new ArrayList<>();
    for (int i = 0; i < estimates.size(); i++) {
      examples.add(example(rollouts.get(i), estimates.get(i)));
    }
    return examples;
  }

  private Earned earned(Row row, TokenRewards rewards) {
    return new Earned(
        rewards.of(Tokens.floats(row, "logprobs"), Tokens.floats(row, "ref_logprobs"), score(row)),
        values(row));
  }

  private PpoExample example(Row row, Estimate estimate) {
    return new PpoExample(
        Tokens.ids(row, "prompt_ids"),
        Tokens.ids(row, "response_ids"),
        Tokens.floats(row, "logprobs"),
        settings.klInLoss() ? Tokens.floats(row, "ref_logprobs") : NONE,
        values(row),
        estimate.advantages(),
        estimate.returns());
  }

  private float[] values(Row row) {
    return settings.hasCritic() ? Tokens.floats(row, "values") : NONE;
  }

  /** The reward, within bounds, less penalties for length. */
  double score(Row row) {
    double most = settings.scoreClip() == 0 ? Double.MAX_VALUE : settings.scoreClip();
    double score = row.getDouble(row.fieldIndex("reward"));
    boolean finished = row.getString(row.fieldIndex("finish")).equals("stop");
    int tokens = row.getList(row.fieldIndex("response_ids")).size();
    return Math.max(-most, Math.min(most, score))
        - (finished ? 0 : settings.missingEosPenalty())
        + overlong.map(each -> settings.overlongPenalty() * each.of(tokens)).orElse(0.0);
  }
}
