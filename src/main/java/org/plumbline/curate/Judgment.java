package org.plumbline.curate;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/** One row of the feedback table. Only the fields of its kind are filled. */
record Judgment(
    String id,
    String kind,
    String source,
    Optional<String> annotator,
    List<String> responses,
    List<Integer> ranking,
    List<Integer> shown,
    Answer answer) {
  /**
   * What was said of a single response, or how sure a choice is; what was not said is null.
   *
   * @param rating on its scale: 0 is the lowest, 1 the highest
   */
  record Answer(Double strength, Boolean acceptable, Double rating, String revision) {}

  static Judgment of(Row row) {
    List<Row> responses = row.getList(row.fieldIndex("responses"));
    Double rating = row.getAs("rating");
    if (rating != null) {
      double low = row.<Double>getAs("rating_min");
      rating = (rating - low) / (row.<Double>getAs("rating_max") - low);
    }
    return new Judgment(
        row.getAs("judgment_id"),
        row.getAs("kind"),
        row.getAs("source"),
        Optional.ofNullable(row.getAs("annotator")),
        responses.stream().map(response -> response.<String>getAs("text")).toList(),
        integers(row, "ranking"),
        integers(row, "shown"),
        new Answer(row.getAs("strength"), row.getAs("acceptable"), rating, row.getAs("revision")));
  }

  private static List<Integer> integers(Row row, String column) {
    int index = row.fieldIndex(column);
    return row.isNullAt(index) ? List.of() : row.getList(index);
  }

  /** The response that judgments of one response are about. */
  String response() {
    return responses.get(0);
  }
}
