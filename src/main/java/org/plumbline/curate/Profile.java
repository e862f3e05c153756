package org.plumbline.curate;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * What is known of an annotator.
 *
 * @param drift null if it can not be told
 * @param flags rules against spam that the annotator breaks
 */
record Profile(
    String annotator,
    Census.Person person,
    double reliability,
    Habits habits,
    Streak streak,
    Double drift,
    List<String> flags) {
  /** A row of {@link org.plumbline.table.AnnotatorsTable}. */
  Row row() {
    return RowFactory.create(
        annotator,
        person.group(),
        person.judgments(),
        reliability,
        habits.gold().whole(),
        habits.gold().value(),
        habits.agreement().value(),
        person.meanSeconds(),
        person.fastShare(),
        streak.longest(),
        drift,
        habits.longer().value(),
        habits.first().value(),
        person.meanRating(),
        flags.toArray(String[]::new));
  }
}
