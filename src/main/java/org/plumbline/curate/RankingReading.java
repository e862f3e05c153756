package org.plumbline.curate;

import java.util.List;

/**
 * Rankings and choices: every two responses of a ranking are compared, C(K, 2) comparisons in all,
 * as in Ouyang et al. 2022, arXiv 2203.02155, section 3.5. Equal ranks are a vote for neither side.
 */
record RankingReading() implements Reading {
  @Override
  public void read(List<Judgment> judgments, Ballot ballot) {
    for (Judgment judgment : judgments) {
      if (judgment.is("ranking", "choice")) {
        read(judgment, ballot);
      }
    }
  }

  private static void read(Judgment judgment, Ballot ballot) {
    List<String> responses = judgment.responses();
    for (int i = 0; i < responses.size(); i++) {
      for (int j = i + 1; j < responses.size(); j++) {
        ballot.cast(responses.get(i), responses.get(j), vote(judgment, i, j));
      }
    }
  }

  private static Vote vote(Judgment judgment, int i, int j) {
    int direction = Integer.compare(judgment.ranking().get(j), judgment.ranking().get(i));
    Double strength = judgment.answer().strength();
    List<Integer> shown = judgment.shown();
    return Vote.of(
        judgment,
        strength == null ? direction : direction * strength,
        shown.isEmpty() ? null : shown.indexOf(i) < shown.indexOf(j));
  }
}
