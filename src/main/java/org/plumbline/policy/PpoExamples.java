package org.plumbline.policy;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.plumbline.config.PpoSettings;
import org.plumbline.table.Tokens;
import org.plumbline.train.Objective;

/** The lesson of policy gradients: every completion, and how much better than expected it was. */
final class PpoExamples implements Lesson<PpoExample> {
  private static final float[] NONE = {};

  private final PpoSettings settings;
  private final Objective<PpoExample> objective;
  private final AdvantageEstimator estimator;
  private final Worth worth;

  /** For the policy, or for its critic, as {@code objective} says. */
  PpoExamples(PpoSettings settings, Objective<PpoExample> objective) {
    this.settings = settings;
    this.objective = objective;
    this.estimator = AdvantageEstimator.of(settings);
    this.worth = new Worth(settings);
  }

  /** For the policy. */
  static PpoExamples of(PpoSettings settings) {
    return new PpoExamples(
        settings,
        settings.hasCritic() && !settings.separateCritic()
            ? PpoObjective.of(settings)
            : ActorObjective.of(settings));
  }

  @Override
  public List<PpoExample> of(List<Row> rollouts, double klCoef) {
    List<Earned> earned =
        rollouts.stream().map(row -> worth.earned(row, klCoef, values(row))).toList();
    List<Estimate> estimates = estimator.of(earned);
    List<PpoExample> examples = new ArrayList<>();
    for (int i = 0; i < estimates.size(); i++) {
      examples.add(example(rollouts.get(i), estimates.get(i)));
    }
    return examples;
  }

  @Override
  public int count(int completions) {
    return completions;
  }

  @Override
  public Objective<PpoExample> objective() {
    return objective;
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
}
