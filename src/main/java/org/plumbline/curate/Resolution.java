package org.plumbline.curate;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.plumbline.table.PairsTable;

/**
 * Makes of each {@link Item} a row of the pairs table, with the reason to drop it where there is
 * one: the side that is more probably better is the chosen one.
 */
record Resolution(OneCoin annotators, double minProbability) implements Function<Row, Row> {
  static final StructType TYPE =
      PairsTable.TABLE
          .schema()
          .add("drop", StringType, true)
          .add("doubly_judged", BooleanType, false)
          .add("disagree", BooleanType, false);

  /** Closer to one half than this is a tie; the sum of a vote and its opposite may round. */
  private static final double TIE = 1e-9;

  @Override
  public Row call(Row row) {
    Item item = Item.of(row);
    double left = annotators.leftBetter(item.votes());
    boolean leftChosen = left >= 0.5;
    double probability = leftChosen ? left : 1 - left;
    Item.Side chosen = leftChosen ? item.left() : item.right();
    Item.Side rejected = leftChosen ? item.right() : item.left();
    List<Vote> votes =
        leftChosen ? item.votes() : item.votes().stream().map(Vote::mirrored).toList();
    return RowFactory.create(
        TextId.of(item.promptId() + item.left().id() + item.right().id()),
        item.promptId(),
        item.prompt().toArray(),
        chosen.text(),
        rejected.text(),
        chosen.id(),
        rejected.id(),
        probability,
        1.0,
        margin(votes),
        (int) votes.stream().flatMap(vote -> vote.judgments().stream()).distinct().count(),
        distinct(votes, vote -> Stream.of(vote.kind())),
        distinct(votes, vote -> Stream.of(vote.source())),
        distinct(votes, vote -> vote.annotators().stream()),
        item.split(),
        drop(chosen.text().strip(), rejected.text().strip(), probability).orElse(null),
        votes.size() > 1,
        votes.stream().mapToInt(Vote::direction).distinct().count() > 1);
  }

  private Optional<String> drop(String chosen, String rejected, double probability) {
    if (chosen.isEmpty() || rejected.isEmpty()) {
      return Optional.of("empty response");
    }
    if (chosen.equals(rejected)) {
      return Optional.of("identical responses");
    }
    if (probability - 0.5 < TIE) {
      return Optional.of("tie");
    }
    return probability < minProbability
        ? Optional.of("less sure than min-probability")
        : Optional.empty();
  }

  /** The mean margin of the votes that have one; null if none has. */
  private static Double margin(List<Vote> votes) {
    double[] margins =
        votes.stream().map(Vote::margin).filter(Objects::nonNull).mapToDouble(m -> m).toArray();
    return margins.length == 0 ? null : Arrays.stream(margins).sum() / margins.length;
  }

  private interface Words {
    Stream<String> of(Vote vote);
  }

  private static Object[] distinct(List<Vote> votes, Words words) {
    return votes.stream().flatMap(words::of).distinct().sorted().toArray();
  }
}
