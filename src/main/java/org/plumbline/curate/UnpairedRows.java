package org.plumbline.curate;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.plumbline.config.CurateSettings;
import org.plumbline.table.UnpairedTable;

/**
 * Makes rows of {@link UnpairedTable} of a prompt's dossier (prompt_id, split, prompt, texts,
 * verdicts): the verdict that is more probably right.
 */
record UnpairedRows(Belief belief, boolean byPrompt) implements FlatMapFunction<Row, Row> {
  private static final double TIED = 1e-9;

  UnpairedRows(Belief belief, CurateSettings settings) {
    this(belief, settings.weightsByPrompt());
  }

  @Override
  public Iterator<Row> call(Row dossier) {
    Map<String, String> texts = PairRows.texts(dossier, 3);
    List<Verdict> kept =
        Rows.list(dossier, 4, Verdict::of).stream()
            .filter(verdict -> drop(verdict).isEmpty())
            .toList();
    double weight = byPrompt ? 1.0 / kept.size() : 1;
    return kept.stream()
        .map(verdict -> row(dossier, verdict, weight, texts.get(verdict.response())))
        .iterator();
  }

  /** Why there is no row for a response, if there is none. */
  Optional<String> drop(Verdict verdict) {
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

  private Row row(Row dossier, Verdict verdict, double weight, String response) {
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
