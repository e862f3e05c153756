package org.plumbline.curate;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.plumbline.config.CurateSettings;
import org.plumbline.table.PairsTable;

/**
 * Makes rows of {@link PairsTable} of a prompt's dossier (prompt_id, split, prompt, texts, items):
 * the side that is more probably better is the chosen one.
 */
record PairRows(Settlement settlement, double minProbability, boolean byPrompt, String method)
    implements FlatMapFunction<Row, Row> {
  static final String GOLD = "gold";

  PairRows(Settlement settlement, CurateSettings settings) {
    this(settlement, settings.minProbability(), settings.weightsByPrompt(), settings.method());
  }

  @Override
  public Iterator<Row> call(Row dossier) {
    Map<String, String> texts = texts(dossier, 3);
    List<Settled> kept =
        settlement.settle(Rows.list(dossier, 4, Item::of)).stream()
            .filter(settled -> settled.drop(minProbability).isEmpty())
            .toList();
    double weight = byPrompt ? 1.0 / kept.size() : 1;
    return kept.stream().map(settled -> row(dossier, settled, weight, texts)).iterator();
  }

  static Map<String, String> texts(Row dossier, int column) {
    Map<String, String> texts = new HashMap<>();
    for (Row text : dossier.<Row>getList(column)) {
      texts.put(text.getString(0), text.getString(1));
    }
    return texts;
  }

  private Row row(Row dossier, Settled settled, double weight, Map<String, String> texts) {
    List<Vote> votes = settled.item().votes();
    return RowFactory.create(
        settled.item().id(),
        dossier.getString(0),
        dossier.get(2),
        texts.get(settled.chosen().id()),
        texts.get(settled.rejected().id()),
        settled.chosen().id(),
        settled.rejected().id(),
        settled.probability(),
        weight,
        settled.margin(),
        (int) votes.stream().flatMap(vote -> vote.judgments().stream()).distinct().count(),
        distinct(votes, vote -> Stream.of(vote.kind())),
        distinct(votes, vote -> Stream.of(vote.source())),
        distinct(votes, vote -> vote.annotator().stream()),
        dossier.getString(1),
        settled.item().truth() == 0 ? method : GOLD);
  }

  private interface Words {
    Stream<String> of(Vote vote);
  }

  private static Object[] distinct(List<Vote> votes, Words words) {
    return votes.stream().flatMap(words::of).distinct().sorted().toArray();
  }
}
