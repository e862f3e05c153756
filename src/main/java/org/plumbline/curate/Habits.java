package org.plumbline.curate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

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
  static Map<String, Habits> measure(JavaRDD<Row> items) {
    Map<String, Habits> habits = new HashMap<>();
    Tally.sum(items, Habits::tally)
        .forEach(
            (annotator, sums) ->
                habits.put(
                    annotator,
                    new Habits(
                        new Share(sums[0], sums[1]),
                        new Share(sums[2], sums[3]),
                        new Share(sums[4], sums[5]))));
    return habits;
  }

  private static void tally(Row row, Tally tally) {
    Item item = Item.of(row);
    int longer = Integer.compare(item.left().text().length(), item.right().text().length());
    for (Vote vote : item.votes()) {
      Habits own = of(vote, item.votes(), longer);
      tally.add(
          vote.annotator().orElse(""),
          own.longer.part,
          own.longer.whole,
          own.first.part,
          own.first.whole,
          own.agreement.part,
          own.agreement.whole);
    }
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
}
