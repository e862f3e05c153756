package org.plumbline.curate;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.plumbline.config.CurateSettings;
import org.plumbline.table.UnpairedTable;

/**
 * Makes rows of {@link UnpairedTable} of a prompt's dossier (prompt_id, split, prompt, texts,
 * verdicts): the verdict that is more probably right.
 */
record UnpairedRows(Belief belief, boolean byPrompt) implements AloneRows {
  private static final double TIED = 1e-9;

  UnpairedRows(Belief belief, CurateSettings settings) {
    this(belief, settings.weightsByPrompt());
  }

  @Override
  public Optional<String> drop(Verdict verdict) {
    if (verdict.problem() != null) {
      return Optional.of("unpaired: " + verdict.problem());
    }
    return Math.abs(yes(verdict) - 0.5) < TIED
        ? Optional.of("unpaired: " + Settled.TIE)
        : Optional.empty();
  }

  private double yes(Verdict verdict) {
    double yes = belief.leftBetter(List.of(Ballots.of(verdict)))[0];
    return Settlement.known(verdict.truth(), yes);
  }

  /** Whether the response is acceptable, more probably than not. */
  boolean acceptable(Verdict verdict) {
    return yes(verdict) > 0.5;
  }

  @Override
  public Row row(Row dossier, Verdict verdict, double weight, String response) {
    double yes = yes(verdict);
    return RowFactory.create(
        verdict.id(),
        dossier.getString(0),
        dossier.get(2),
        response,
        verdict.response(),
        yes > 0.5,
        Math.max(yes, 1 - yes),
        weight,
        verdict.says().size(),
        verdict.sources(),
        verdict.annotators(),
        dossier.getString(1));
  }
}
