package org.plumbline.curate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What votes were for, apart from quality: of those that prefer a side and can tell, how many
 * prefer the longer response, the one shown first, and what most of the others prefer.
 */
record Habits(Share longer, Share first, Share agreement) {
  static final Habits NONE = new Habits(Share.NONE, Share.NONE, Share.NONE);

  /** {@code part} of {@code whole}. */
  record Share(long part, long whole) {
    static final Share NONE = new Share(0, 0);

    Share plus(Share other) {
      return new Share(part + other.part, whole + other.whole);
    }

    /** In [0, 1]; null if there is nothing to share. */
    Double value() {
      return whole == 0 ? null : (double) part / whole;
    }

    private static Share of(int direction, int expected) {
      return direction == 0 || expected == 0 ? NONE : new Share(direction == expected ? 1 : 0, 1);
    }
  }

  Habits plus(Habits other) {
    return new Habits(
        longer.plus(other.longer), first.plus(other.first), agreement.plus(other.agreement));
  }

  /** The habits of each annotator; those of votes without one are under the empty name. */
  static Map<String, Habits> measure(Dataset<Row> items) {
    Column[] sums = Arrays.stream(COUNTS).map(name -> sum(col(name))).toArray(Column[]::new);
    List<Row> rows =
        items
            .select("left", "right", "votes")
            .mapPartitions((MapPartitionsFunction<Row, Row>) Habits::partial, Encoders.row(TYPE))
            .groupBy("annotator")
            .agg(sums[0], Arrays.copyOfRange(sums, 1, sums.length))
            .collectAsList();
    Map<String, Habits> habits = new HashMap<>();
    rows.forEach(row -> habits.put(row.getString(0), of(row)));
    return habits;
  }

  private static final String[] COUNTS = {
    "longer", "lengths", "first", "shown", "agreed", "others"
  };
  private static final StructType TYPE = type();

  private static StructType type() {
    StructType type = new StructType().add("annotator", DataTypes.StringType);
    for (String count : COUNTS) {
      type = type.add(count, DataTypes.LongType);
    }
    return type;
  }

  private static Iterator<Row> partial(Iterator<Row> items) {
    Map<String, Habits> habits = new HashMap<>();
    while (items.hasNext()) {
      Row item = items.next();
      int longer = Integer.compare(item.getString(0).length(), item.getString(1).length());
      List<Vote> votes = Item.votes(item, 2);
      for (Vote vote : votes) {
        habits.merge(vote.annotator().orElse(""), of(vote, votes, longer), Habits::plus);
      }
    }
    List<Row> rows = new ArrayList<>();
    habits.forEach((annotator, own) -> rows.add(own.row(annotator)));
    return rows.iterator();
  }

  private static Habits of(Vote vote, List<Vote> all, int longer) {
    int first = vote.leftFirst() == null ? 0 : vote.leftFirst() ? 1 : -1;
    Optional<String> self = vote.annotator();
    int others =
        all.stream()
            .filter(other -> other != vote)
            .filter(other -> self.isEmpty() || !other.annotator().equals(self))
            .mapToInt(Vote::direction)
            .sum();
    return new Habits(
        Share.of(vote.direction(), longer),
        Share.of(vote.direction(), first),
        Share.of(vote.direction(), Integer.signum(others)));
  }

  private Row row(String annotator) {
    return RowFactory.create(
        Stream.concat(
                Stream.of(annotator),
                Stream.of(longer, first, agreement)
                    .flatMap(share -> Stream.of(share.part(), share.whole())))
            .toArray());
  }

  private static Habits of(Row row) {
    return new Habits(
        new Share(row.getLong(1), row.getLong(2)),
        new Share(row.getLong(3), row.getLong(4)),
        new Share(row.getLong(5), row.getLong(6)));
  }
}
