package org.plumbline.curate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.plumbline.curate.bias.Sums;

/**
 * What votes were for: of those that prefer a side and can tell, how many prefer the longer
 * response, the one shown first, what most of the others prefer, and what is known to be right.
 */
record Habits(Share longer, Share first, Share agreement, Share gold) {
  static final Habits NONE = new Habits(Share.NONE, Share.NONE, Share.NONE, Share.NONE);

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

    static Share of(int direction, int expected) {
      return direction == 0 || expected == 0 ? NONE : new Share(direction == expected ? 1 : 0, 1);
    }
  }

  Habits plus(Habits other) {
    return new Habits(
        longer.plus(other.longer),
        first.plus(other.first),
        agreement.plus(other.agreement),
        gold.plus(other.gold));
  }

  /**
   * The habits of each annotator; those of votes without one are under the empty name.
   *
   * @param rows items, verdicts
   */
  static Map<String, Habits> measure(JavaRDD<Row> rows) {
    Map<String, Habits> habits = new HashMap<>();
    Sums.whole(rows, Habits::tally)
        .forEach(
            (annotator, sums) ->
                habits.put(
                    annotator,
                    new Habits(
                        new Share(sums[0], sums[1]),
                        new Share(sums[2], sums[3]),
                        new Share(sums[4], sums[5]),
                        new Share(sums[6], sums[7]))));
    return habits;
  }

  private static void tally(Row row, Sums<String> sums) {
    for (Item item : Rows.list(row, 0, Item::of)) {
      int longer = Integer.compare(item.left().length(), item.right().length());
      int truth = item.truth();
      int[] others = item.others();
      List<Vote> opinions = item.opinions();
      for (int i = 0; i < others.length; i++) {
        of(opinions.get(i), longer, others[i], truth)
            .add(opinions.get(i).annotator().orElse(""), sums);
      }
    }
    for (Verdict verdict : Rows.list(row, 1, Verdict::of)) {
      int truth = verdict.truth();
      for (Verdict.Say say : verdict.opinions()) {
        new Habits(Share.NONE, Share.NONE, Share.NONE, Share.of(say.direction(), truth))
            .add(say.annotator().orElse(""), sums);
      }
    }
  }

  private static Habits of(Vote vote, int longer, int others, int truth) {
    int first = vote.leftFirst() == null ? 0 : vote.leftFirst() ? 1 : -1;
    return new Habits(
        Share.of(vote.direction(), longer),
        Share.of(vote.direction(), first),
        Share.of(vote.direction(), others),
        Share.of(vote.direction(), truth));
  }

  private void add(String annotator, Sums<String> sums) {
    sums.add(
        annotator,
        longer.part,
        longer.whole,
        first.part,
        first.whole,
        agreement.part,
        agreement.whole,
        gold.part,
        gold.whole);
  }
}
