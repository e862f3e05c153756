package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;

/**
 * Rankings and choices: every two responses of a ranking are compared, C(K, 2) comparisons in all,
 * as in Ouyang et al. 2022, arXiv 2203.02155, section 3.5. Equal ranks are a vote for neither side.
 */
record RankingReading() implements Reading {
  @Override
  public boolean reads(String kind) {
    return kind.equals("ranking") || kind.equals("choice");
  }

  @Override
  public List<Comparison> compare(List<Judgment> judgments) {
    List<Comparison> comparisons = new ArrayList<>();
    for (Judgment judgment : judgments) {
      for (int i = 0; i < judgment.responses().size(); i++) {
        for (int j = i + 1; j < judgment.responses().size(); j++) {
          comparisons.add(
              new Comparison(
                  judgment.responses().get(i), judgment.responses().get(j), vote(judgment, i, j)));
        }
      }
    }
    return comparisons;
  }

  private static Vote vote(Judgment judgment, int i, int j) {
    int direction = Integer.compare(judgment.ranking().get(j), judgment.ranking().get(i));
    Double strength = judgment.answer().strength();
    List<Integer> shown = judgment.shown();
    return new Vote(
        strength == null ? direction : direction * strength,
        null,
        shown.isEmpty() ? null : shown.indexOf(i) < shown.indexOf(j),
        judgment.kind(),
        judgment.source(),
        judgment.annotator().stream().toList(),
        List.of(judgment.id()));
  }
}
