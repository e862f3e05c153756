package org.plumbline.curate;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/**
 * Makes rows of a prompt's dossier (prompt_id, split, prompt, texts, what was said of single
 * responses), one for each response.
 */
interface AloneRows extends FlatMapFunction<Row, Row> {
  /** Whether the rows of a prompt share one weight. */
  boolean byPrompt();

  /** Why there is no row for a response, if there is none. */
  Optional<String> drop(Verdict verdict);

  /** The row, which weighs at most {@code weight}. */
  Row row(Row dossier, Verdict verdict, double weight, String response);

  @Override
  default Iterator<Row> call(Row dossier) {
    Map<String, String> texts = PairRows.texts(dossier, 3);
    List<Verdict> kept =
        Rows.list(dossier, 4, Verdict::of).stream()
            .filter(verdict -> drop(verdict).isEmpty())
            .toList();
    double weight = byPrompt() ? 1.0 / kept.size() : 1;
    return kept.stream()
        .map(verdict -> row(dossier, verdict, weight, texts.get(verdict.response())))
        .iterator();
  }
}
