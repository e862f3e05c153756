package org.plumbline.planning;

import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * One judgment that is asked for.
 *
 * @param id unlike that of any other task
 * @param first id of the response that is shown first
 * @param second id of the other one
 * @param person who is asked; empty for anybody
 * @param gold whether the answer is known
 */
record Task(
    String id,
    Candidate pair,
    String first,
    String second,
    Optional<Roster.Person> person,
    boolean gold) {
  /** A row of the assignments table. */
  Row row() {
    return RowFactory.create(
        id,
        pair.pairId(),
        pair.promptId(),
        first,
        second,
        person.map(Roster.Person::name).orElse(null),
        person.flatMap(Roster.Person::group).orElse(null),
        gold,
        pair.probability(),
        pair.priority());
  }
}
