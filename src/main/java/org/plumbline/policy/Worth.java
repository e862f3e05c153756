package org.plumbline.policy;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.plumbline.config.PpoSettings;
import org.plumbline.objective.KlEstimator;
import org.plumbline.objective.OverlongPenalty;
import org.plumbline.objective.TokenRewards;
import org.plumbline.table.Tokens;

/** What completions are worth: their reward, within bounds, less what they have to pay for. */
final class Worth {
  private final PpoSettings settings;
  private final Optional<OverlongPenalty> overlong;

  Worth(PpoSettings settings) {
    this.settings = settings;
    this.overlong =
        settings.overlongBuffer() == 0
            ? Optional.empty()
            : Optional.of(
                new OverlongPenalty(
                    settings.generation().maxNewTokens(), settings.overlongBuffer()));
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

  /**
   * The score on the last token, less the KL of each, where it is not in the loss.
   *
   * @param values of a critic, null without one
   */
  Earned earned(Row row, double klCoef, float[] values) {
    TokenRewards rewards =
        new TokenRewards(
            settings.klInLoss() ? 0 : klCoef, KlEstimator.named(settings.klEstimator()));
    return new Earned(
        rewards.of(Tokens.floats(row, "logprobs"), Tokens.floats(row, "ref_logprobs"), score(row)),
        values);
  }

  /** From what earned most to what earned least; of equals, the sampled first comes first. */
  List<Row> ranked(List<Row> completions, double klCoef) {
    Comparator<Row> earned = Comparator.comparingDouble(row -> earned(row, klCoef, null).total());
    return completions.stream().sorted(earned.reversed()).toList();
  }
}
