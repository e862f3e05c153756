package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/**
 * One judgment without its texts; only the fields of its kind are filled.
 *
 * @param responses the ids of what was judged
 * @param ranking of each response; 1 is best
 * @param shown indices into responses in the order in which they were seen; empty if not known
 */
record Judgment(
    String id,
    String kind,
    String source,
    Voter voter,
    List<String> responses,
    List<Integer> ranking,
    List<Integer> shown,
    Answer answer,
    Place place) {
  /** Where it was read. */
  record Place(String file, long line) {}

  /**
   * What was said of a single response, or how sure a choice is; what was not said is null.
   *
   * @param rating on its scale: 0 is the lowest, 1 the highest
   * @param severity how bad what is criticised is, in [0, 1]
   * @param revision id of the better text
   */
  record Answer(
      Double strength, Boolean acceptable, Double rating, Double severity, String revision) {}

  static Judgment of(Row row) {
    return new Judgment(
        row.getAs("judgment_id"),
        row.getAs("kind"),
        row.getAs("source"),
        new Voter(
            Optional.ofNullable(row.getAs("annotator")),
            Optional.ofNullable(row.getAs("annotator_group")),
            row.<Boolean>getAs("gold"),
            row.getAs("seconds"),
            row.getAs("time")),
        row.getList(row.fieldIndex("response_ids")),
        integers(row, "ranking"),
        integers(row, "shown"),
        new Answer(
            row.getAs("strength"),
            row.getAs("acceptable"),
            row.getAs("rating"),
            row.getAs("severity"),
            row.getAs("revision_id")),
        new Place(row.getAs("file"), row.<Long>getAs("line")));
  }

  private static List<Integer> integers(Row row, String column) {
    int index = row.fieldIndex(column);
    return row.isNullAt(index) ? List.of() : row.getList(index);
  }

  /** The response that judgments of one response are about. */
  String response() {
    return responses.get(0);
  }

  Optional<String> annotator() {
    return voter.annotator();
  }

  boolean gold() {
    return voter.gold();
  }

  boolean is(String... kinds) {
    return Set.of(kinds).contains(kind);
  }

  /** What is left of it if only {@code kept} responses count; empty if that says nothing. */
  Optional<Judgment> restrictedTo(Set<String> kept) {
    if (kept.containsAll(responses)
        && (answer.revision() == null || kept.contains(answer.revision()))) {
      return Optional.of(this);
    }
    List<Integer> left =
        IntStream.range(0, responses.size())
            .filter(i -> kept.contains(responses.get(i)))
            .boxed()
            .toList();
    if (ranking.isEmpty() || left.size() < 2) {
      return Optional.empty();
    }
    List<Integer> seen = new ArrayList<>(shown.stream().map(left::indexOf).toList());
    seen.removeIf(index -> index < 0);
    return Optional.of(
        new Judgment(
            id,
            kind,
            source,
            voter,
            left.stream().map(responses::get).toList(),
            left.stream().map(ranking::get).toList(),
            seen,
            answer,
            place));
  }
}
