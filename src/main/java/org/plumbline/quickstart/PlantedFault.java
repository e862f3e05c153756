package org.plumbline.quickstart;

import java.util.List;
import java.util.Map;

/**
 * Something wrong with the feedback that was put there on purpose.
 *
 * @param fault {@code unreliable}, {@code spammer}, {@code duplicate}, {@code cycle}, {@code leak},
 *     {@code personal-data}; {@code gold} is no fault, but is found the same way
 * @param detail which sort of it
 * @param annotator whose it is; null if it is nobody's
 * @param prompt where it is; null if it is everywhere
 * @param rows the judgments that have it; none if it is in all of the annotator's
 */
record PlantedFault(
    String fault, String detail, String annotator, String prompt, List<Map<String, Object>> rows) {
  /**
   * A line of {@code faults-truth.jsonl}.
   *
   * @param lines of {@code feedback.jsonl}, counted from 1
   */
  record Row(String fault, String detail, String annotator, String prompt, List<Integer> lines) {}

  static PlantedFault ofAnnotator(String fault, String detail, Annotator annotator) {
    return new PlantedFault(fault, detail, annotator.name(), null, List.of());
  }

  /**
   * This fault as a line.
   *
   * @param places text of a line to the numbers of the lines that read so
   */
  Row at(Map<String, List<Integer>> places) {
    List<Integer> lines =
        rows.stream().flatMap(row -> places.get(Json.line(row)).stream()).distinct().toList();
    return new Row(fault, detail, annotator, prompt, lines);
  }
}
