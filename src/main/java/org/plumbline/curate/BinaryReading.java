package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Yes and no: within a prompt, each acceptable response is better than each that is not. Where two
 * annotators said so, neither answers for the comparison alone, and it counts as anybody's.
 */
record BinaryReading() implements Reading {
  @Override
  public boolean reads(String kind) {
    return kind.equals("binary");
  }

  @Override
  public List<Comparison> compare(List<Judgment> judgments) {
    List<Comparison> comparisons = new ArrayList<>();
    for (Judgment yes : judgments) {
      for (Judgment no : judgments) {
        if (yes.answer().acceptable()
            && !no.answer().acceptable()
            && !yes.response().equals(no.response())) {
          comparisons.add(new Comparison(yes.response(), no.response(), vote(yes, no)));
        }
      }
    }
    return comparisons;
  }

  private static Vote vote(Judgment yes, Judgment no) {
    boolean anonymous = yes.annotator().isEmpty() || no.annotator().isEmpty();
    List<String> annotators =
        Stream.of(yes, no).flatMap(each -> each.annotator().stream()).distinct().toList();
    return new Vote(
        1,
        null,
        null,
        yes.kind(),
        yes.source(),
        anonymous ? List.of() : annotators,
        List.of(yes.id(), no.id()));
  }
}
