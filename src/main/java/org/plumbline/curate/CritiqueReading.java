package org.plumbline.curate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Critiques. A revision is better than what it revises, by the critique's severity, or surely if it
 * has none. Of two responses that one annotator judged, the better one is that whose critiques are
 * less severe: preference = severities of right - severities of left, summed, at most 1 either way.
 */
record CritiqueReading() implements Reading {
  @Override
  public void read(List<Judgment> judgments, Ballot ballot) {
    for (Judgment judgment : judgments) {
      if (judgment.is("critique") && judgment.answer().revision() != null) {
        Double severity = judgment.answer().severity();
        ballot.cast(
            judgment.answer().revision(),
            judgment.response(),
            Vote.of(judgment, severity == null ? 1 : severity, null));
      }
    }
    Map<String, Set<String>> judged = judged(judgments);
    Raters.of(judgments, CritiqueReading::isSevere)
        .values()
        .forEach(criticised -> compare(criticised, judged, ballot));
  }

  private static boolean isSevere(Judgment judgment) {
    return judgment.is("critique")
        && judgment.annotator().isPresent()
        && judgment.answer().severity() != null;
  }

  /** By annotator: what was criticised or not, but seen. */
  private static Map<String, Set<String>> judged(List<Judgment> judgments) {
    Map<String, Set<String>> judged = new HashMap<>();
    for (Judgment judgment : judgments) {
      judgment
          .annotator()
          .ifPresent(
              name ->
                  judged
                      .computeIfAbsent(name, key -> new HashSet<>())
                      .addAll(judgment.responses()));
    }
    return judged;
  }

  private static void compare(
      Map<String, List<Judgment>> criticised, Map<String, Set<String>> judged, Ballot ballot) {
    Judgment one = criticised.values().iterator().next().get(0);
    Map<String, Double> severities = new TreeMap<>();
    for (String response : new TreeSet<>(judged.get(one.annotator().orElseThrow()))) {
      severities.put(
          response,
          criticised.getOrDefault(response, List.of()).stream()
              .mapToDouble(judgment -> judgment.answer().severity())
              .sum());
    }
    List<String> responses = List.copyOf(severities.keySet());
    for (int i = 0; i < responses.size(); i++) {
      for (int j = i + 1; j < responses.size(); j++) {
        String left = responses.get(i);
        String right = responses.get(j);
        double less = severities.get(right) - severities.get(left);
        List<String> ids =
            Raters.ids(
                criticised.getOrDefault(left, List.of()),
                criticised.getOrDefault(right, List.of()));
        if (!ids.isEmpty()) {
          ballot.cast(left, right, Vote.of(one, one.voter(), Math.max(-1, Math.min(1, less)), ids));
        }
      }
    }
  }
}
