package org.plumbline.policy;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.plumbline.config.PpoSettings;
import org.plumbline.objective.GeneralizedAdvantage;
import org.plumbline.objective.TokenRewards;
import org.plumbline.objective.Whitening;
import org.plumbline.table.Tokens;

/** From rollouts to what PPO learns from: token rewards, advantages, returns. */
final class PpoExamples {
  private final TokenRewards rewards;
  private final GeneralizedAdvantage estimator;
  private final double missingEosPenalty;

  PpoExamples(PpoSettings settings) {
    this.rewards = new TokenRewards(settings.klCoef());
    this.estimator = new GeneralizedAdvantage(settings.gamma(), settings.lam());
    this.missingEosPenalty = settings.missingEosPenalty();
  }

  /** One example a rollout; advantages are whitened over all tokens of all rollouts. */
  List<PpoExample> of(List<Row> rollouts) {
    List<PpoExample> examples = rollouts.stream().map(this::example).toList();
    Whitening whitening = Whitening.over(examples.stream().map(PpoExample::advantages).toList());
    List<PpoExample> whitened = new ArrayList<>();
    for (PpoExample example : examples) {
      whitened.add(example.withAdvantages(whitening.of(example.advantages())));
    }
    return whitened;
  }

  private PpoExample example(Row row) {
    float[] logprobs = Tokens.floats(row, "logprobs");
    float[] values = Tokens.floats(row, "values");
    float[] tokenRewards = rewards.of(logprobs, Tokens.floats(row, "ref_logprobs"), score(row));
    GeneralizedAdvantage.Advantages estimate = estimator.of(tokenRewards, values);
    return new PpoExample(
        Tokens.ids(row, "prompt_ids"),
        Tokens.ids(row, "response_ids"),
        logprobs,
        values,
        estimate.advantages(),
        estimate.returns());
  }

  /** The reward model's score, less the penalty for a completion that was cut off. */
  double score(Row row) {
    boolean finished = row.getString(row.fieldIndex("finish")).equals("stop");
    return row.getDouble(row.fieldIndex("score")) - (finished ? 0 : missingEosPenalty);
  }
}
