package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Yes and no. What one annotator accepted is better than what the same annotator did not: the
 * preference is the difference of the annotator's shares of yes. Apart from those, two responses
 * are compared by their shares of yes among everybody else, in a vote that nobody answers for.
 */
record BinaryReading() implements Reading {
  /** Which verdicts on a response count when it is compared with another. */
  private interface Verdicts {
    List<Judgment> on(String response, String other);
  }

  @Override
  public void read(List<Judgment> judgments, Ballot ballot) {
    var raters = Raters.of(judgments, judgment -> judgment.is("binary"));
    Map<String, List<Judgment>> all = new TreeMap<>();
    for (var rater : raters.values()) {
      rater.forEach(
          (response, own) -> all.computeIfAbsent(response, key -> new ArrayList<>()).addAll(own));
      Voter voter = rater.values().iterator().next().get(0).voter();
      if (voter.annotator().isPresent()) {
        compare(List.copyOf(rater.keySet()), (left, right) -> rater.get(left), voter, ballot);
      }
    }
    compare(
        List.copyOf(all.keySet()),
        (response, other) ->
            all.get(response).stream().filter(each -> !judgedBoth(raters, each, other)).toList(),
        Voter.several(!judgments.isEmpty() && judgments.get(0).gold()),
        ballot);
  }

  /** Whether whoever gave {@code verdict} judged {@code other} too, and has a vote already. */
  private static boolean judgedBoth(
      Map<String, Map<String, List<Judgment>>> raters, Judgment verdict, String other) {
    return verdict.annotator().isPresent() && raters.get(Raters.key(verdict)).containsKey(other);
  }

  private static void compare(
      List<String> responses, Verdicts verdicts, Voter voter, Ballot ballot) {
    for (int i = 0; i < responses.size(); i++) {
      for (int j = i + 1; j < responses.size(); j++) {
        List<Judgment> left = verdicts.on(responses.get(i), responses.get(j));
        List<Judgment> right = verdicts.on(responses.get(j), responses.get(i));
        if (!left.isEmpty() && !right.isEmpty()) {
          double more = yes(left) - yes(right);
          if (more != 0) {
            ballot.cast(
                responses.get(i),
                responses.get(j),
                Vote.of(left.get(0), voter, more, Raters.ids(left, right)));
          }
        }
      }
    }
  }

  /** The share of yes. */
  private static double yes(List<Judgment> verdicts) {
    long yes = verdicts.stream().filter(each -> each.answer().acceptable()).count();
    return (double) yes / verdicts.size();
  }
}
