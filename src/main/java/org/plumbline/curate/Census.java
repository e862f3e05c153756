package org.plumbline.curate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Who judged how often, how fast and how high.
 *
 * @param judgmentsByKind all judgments, gold ones too
 * @param people everybody who is named, by name; gold judgments are nobody's
 * @param ratings all ratings that are not gold
 */
record Census(
    Map<String, Long> judgmentsByKind, Map<String, Person> people, Calibration.Sums ratings) {
  /** Decimals add up to the same in whatever order they come; doubles do not. */
  private static final String RATING =
      "cast((rating - rating_min) / (rating_max - rating_min) as decimal(12, 9))";

  private static final String SECONDS = "cast(seconds as decimal(18, 6))";

  /**
   * One annotator.
   *
   * @param group the first by name if judgments name several; null if none does
   * @param ratings on a scale from 0 to 1
   * @param timed judgments whose time is known, and {@code seconds} they took in all
   * @param fast judgments that took less than the limit
   */
  record Person(
      String group,
      long judgments,
      Calibration.Sums ratings,
      long timed,
      double seconds,
      long fast) {
    Person plus(Person other) {
      return new Person(
          firstOf(group, other.group),
          judgments + other.judgments,
          ratings.plus(other.ratings),
          timed + other.timed,
          seconds + other.seconds,
          fast + other.fast);
    }

    private static String firstOf(String a, String b) {
      if (a == null || b == null) {
        return a == null ? b : a;
      }
      return a.compareTo(b) <= 0 ? a : b;
    }

    /** Null if no time is known. */
    Double meanSeconds() {
      return timed == 0 ? null : seconds / timed;
    }

    /** Null if no time is known. */
    Double fastShare() {
      return timed == 0 ? null : (double) fast / timed;
    }

    /** Null if there is none. */
    Double meanRating() {
      return ratings.count() == 0 ? null : ratings.mean();
    }
  }

  /** Counts {@code feedback}; a judgment of fewer than {@code fastSeconds} is fast. */
  static Census of(Dataset<Row> feedback, double fastSeconds) {
    Map<String, Long> byKind = new TreeMap<>();
    Map<String, Person> people = new TreeMap<>();
    Calibration.Sums all = Calibration.Sums.NONE;
    for (Row row : counts(feedback, fastSeconds).collectAsList()) {
      byKind.merge(row.getString(0), row.getLong(4), Long::sum);
      if (row.getBoolean(3)) {
        continue;
      }
      Person person = person(row);
      all = all.plus(person.ratings());
      if (!row.isNullAt(1)) {
        people.merge(row.getString(1), person, Person::plus);
      }
    }
    return new Census(byKind, people, all);
  }

  private static Dataset<Row> counts(Dataset<Row> feedback, double fastSeconds) {
    return feedback
        .withColumn("x", expr(RATING))
        .withColumn("s", expr(SECONDS))
        .groupBy("kind", "annotator", "annotator_group", "gold")
        .agg(
            count(lit(1)),
            count("x"),
            sum("x").cast("double"),
            sum(col("x").multiply(col("x"))).cast("double"),
            count("s"),
            sum("s").cast("double"),
            sum(col("seconds").lt(fastSeconds).cast("long")))
        .orderBy("kind", "annotator", "annotator_group", "gold");
  }

  private static Person person(Row row) {
    boolean rated = row.getLong(5) > 0;
    boolean timed = row.getLong(8) > 0;
    return new Person(
        row.getString(2),
        row.getLong(4),
        rated
            ? new Calibration.Sums(row.getLong(5), row.getDouble(6), row.getDouble(7))
            : Calibration.Sums.NONE,
        row.getLong(8),
        timed ? row.getDouble(9) : 0,
        timed ? row.getLong(10) : 0);
  }

  /** All judgments. */
  long total() {
    return judgmentsByKind.values().stream().mapToLong(Long::longValue).sum();
  }

  /** What stars are worth, with {@code strength} ratings for a pooled scale. */
  Calibration calibration(double strength) {
    Map<String, Calibration.Sums> rated = new HashMap<>();
    people.forEach(
        (name, person) -> {
          if (person.ratings().count() > 0) {
            rated.put(name, person.ratings());
          }
        });
    return Calibration.fit(rated, ratings, strength);
  }
}
