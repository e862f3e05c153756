package org.plumbline.curate;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The pairs on which most go against each other, each annotator counted once. */
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
   * @param votesForChosen annotators who prefer it
   * @param votesForRejected annotators who prefer the other
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
  private record Rank(long voices, String pairId, String promptId) implements Serializable {}

  private interface WorstFirst extends Comparator<Rank>, Serializable {}

  /** The worst ones, the very worst first. Texts are read of these alone. */
  static List<Sample> worst(Dataset<Row> dossiers, Settlement settlement) {
    WorstFirst order =
        (a, b) ->
            a.voices() != b.voices()
                ? Long.compare(b.voices(), a.voices())
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
        .map(item -> new Rank(contradiction(item.voices()), item.id(), row.getString(0)))
        .filter(rank -> rank.voices() > 0)
        .toList();
  }

  /** How many go against most of the others: those of the side with fewer. */
  private static long contradiction(int[] voices) {
    return Math.min(count(voices, 1), count(voices, -1));
  }

  private static long count(int[] voices, int direction) {
    return Arrays.stream(voices).filter(voice -> voice == direction).count();
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
    int[] voices = settled.item().voices();
    return new Sample(
        settled.item().id(),
        row.getString(0),
        cut(prompt.get(prompt.size() - 1).getString(1)),
        cut(texts.get(settled.chosen().id())),
        cut(texts.get(settled.rejected().id())),
        settled.probability(),
        count(voices, better),
        count(voices, -better));
  }

  private static String cut(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
