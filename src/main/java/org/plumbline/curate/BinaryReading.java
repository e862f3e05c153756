package org.plumbline.curate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Yes and no. What one annotator accepted is better than what the same annotator did not: the
 * preference is the difference of the annotator's shares of yes. Apart from those, two responses
 * are compared by their shares of yes among everybody else, in a vote that nobody answers for.
 */
record BinaryReading() implements Reading {
  @Override
  public void read(List<Judgment> judgments, Ballot ballot) {
    Map<String, Map<String, List<Judgment>>> raters =
        Raters.of(judgments, judgment -> judgment.is("binary"));
    Map<String, List<Judgment>> byResponse = new TreeMap<>();
    for (var rater : raters.values()) {
      rater.forEach(
          (response, own) ->
              byResponse.computeIfAbsent(response, key -> new ArrayList<>()).addAll(own));
      boolean named = rater.values().iterator().next().get(0).annotator().isPresent();
      if (named) {
        compare(
            rater, (left, right) -> rater.get(left).get(0).voter(), ballot, Map.of(), Map.of());
      }
    }
    Map<String, List<Map<String, List<Judgment>>>> shared = new HashMap<>();
    raters.values().forEach(rater -> share(rater, shared));
    compareShares(byResponse, raters, ballot);
  }
}
