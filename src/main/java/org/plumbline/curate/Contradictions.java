package org.plumbline.curate;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The pairs on which most votes go against each other. */
final class Contradictions {
  private static final int SAMPLES = 10;
  private static final int SHOWN = 400;

  private Contradictions() {}

  /**
   * One of them.
   *
   * @param prompt its last turn, cut
   * @param chosen the side that is more probably better, cut
   * @param probability that it is
   * @param votesForChosen votes that prefer it
   * @param votesForRejected votes that prefer the other
   */
  record Sample(
      String pairId,
      String promptId,
      String prompt,
      String chosen,
      String rejected,
      double probability,
      long votesForChosen,
      long votesForRejected)
      implements Serializable {}

  /** Where it is, and how bad. */
  private record Rank(long votes, String pairId, String promptId) implements Serializable {}

  private interface WorstFirst extends Comparator<Rank>, Serializable {}

  /** The worst ones, the very worst first. Texts are read of these alone. */
  static List<Sample> worst(Dataset<Row> dossiers, Settlement settlement) {
    WorstFirst order =
        (a, b) ->
            a.votes() != b.votes()
                ? Long.compare(b.votes(), a.votes())
                : a.pairId().compareTo(b.pairId());
    List<Rank> worst =
        dossiers
            .select("prompt_id", "items")
            .javaRDD()
            .flatMap(row -> ranks(row).iterator())
            .takeOrdered(SAMPLES, order);
    Map<String, List<String>> pairs =
        worst.stream()
            .collect(
                Collectors.groupingBy(
                    Rank::promptId, Collectors.mapping(Rank::pairId, Collectors.toList())));
    // Samples are made where the prompts are: a popular one is too large for the driver.
    Map<String, Sample> samples =
        dossiers
            .where(col("prompt_id").isin(pairs.keySet().toArray()))
            .select("prompt_id", "prompt", "texts", "items")
            .javaRDD()
            .flatMap(row -> samples(row, pairs.get(row.getString(0)), settlement).iterator())
            .collect()
            .stream()
            .collect(Collectors.toMap(Sample::pairId, sample -> sample));
    return worst.stream().map(rank -> samples.get(rank.pairId())).toList();
  }

  private static List<Rank> ranks(Row row) {
    return Rows.list(row, 1, Item::of).stream()
        .map(item -> new Settled(item, 0.5))
        .filter(settled -> settled.contradiction() > 0)
        .map(settled -> new Rank(settled.contradiction(), settled.item().id(), row.getString(0)))
        .toList();
  }

  private static List<Sample> samples(Row row, List<String> pairs, Settlement settlement) {
    return settlement.settle(Rows.list(row, 3, Item::of)).stream()
        .filter(settled -> pairs.contains(settled.item().id()))
        .map(settled -> sample(row, settled))
        .toList();
  }

  private static Sample sample(Row row, Settled settled) {
    Map<String, String> texts = PairRows.texts(row, 2);
    List<Row> prompt = row.getList(1);
    int better = settled.leftChosen() ? 1 : -1;
    return new Sample(
        settled.item().id(),
        row.getString(0),
        cut(prompt.get(prompt.size() - 1).getString(1)),
        cut(texts.get(settled.chosen().id())),
        cut(texts.get(settled.rejected().id())),
        settled.probability(),
        votes(settled, better),
        votes(settled, -better));
  }

  private static long votes(Settled settled, int direction) {
    return settled.item().opinions().stream().filter(vote -> vote.direction() == direction).count();
  }

  private static String cut(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
