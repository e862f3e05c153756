package org.plumbline.curate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.sql.Row;
import org.plumbline.table.Split;

/** Brings all judgments of one prompt together, and its pairs of responses out of them. */
record PromptItems(List<Reading> readings) implements FlatMapGroupsFunction<String, Row, Row> {
  static PromptItems with(Calibration calibration) {
    return new PromptItems(
        List.of(
            new RankingReading(),
            new RatingReading(calibration),
            new BinaryReading(),
            new CritiqueReading()));
  }

  @Override
  public Iterator<Row> call(String promptId, Iterator<Row> rows) {
    List<Judgment> judgments = new ArrayList<>();
    List<Row> prompt = List.of();
    // A prompt that any judgment holds out is held out: it may not lie on both sides.
    String split = Split.TRAIN;
    while (rows.hasNext()) {
      Row row = rows.next();
      judgments.add(Judgment.of(row));
      prompt = row.getList(row.fieldIndex("prompt"));
      split = Split.HELD_OUT.equals(row.getAs("split")) ? Split.HELD_OUT : split;
    }
    // The order in which a shuffle brings rows differs from run to run; that of sums must not.
    judgments.sort(Comparator.comparing(Judgment::id));
    List<Row> items = new ArrayList<>();
    for (var votes : votesBySides(judgments).values()) {
      Item.Side left = votes.get(0).left();
      Item.Side right = votes.get(0).right();
      List<Vote> all = votes.stream().map(Oriented::vote).toList();
      items.add(new Item(promptId, prompt, split, left, right, all).row());
    }
    return items.iterator();
  }

  /** A vote whose left comes first by hash. */
  private record Oriented(Item.Side left, Item.Side right, Vote vote) {
    static Oriented of(Comparison comparison) {
      Item.Side left = Item.Side.of(comparison.left());
      Item.Side right = Item.Side.of(comparison.right());
      return left.id().compareTo(right.id()) <= 0
          ? new Oriented(left, right, comparison.vote())
          : new Oriented(right, left, comparison.vote().mirrored());
    }

    String key() {
      return left.id() + right.id();
    }
  }

  private Map<String, List<Oriented>> votesBySides(List<Judgment> judgments) {
    Map<String, List<Oriented>> bySides = new TreeMap<>();
    for (Reading reading : readings) {
      List<Judgment> own = judgments.stream().filter(j -> reading.reads(j.kind())).toList();
      for (Comparison comparison : reading.compare(own)) {
        Oriented vote = Oriented.of(comparison);
        bySides.computeIfAbsent(vote.key(), key -> new ArrayList<>()).add(vote);
      }
    }
    return bySides;
  }
}
