package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Judgments of single responses, brought together by who judged and what was judged. */
final class Raters {
  private Raters() {}

  /**
   * By annotator and source, then by response. Those that nobody is named for are one rater; scales
   * of different sources do not mix.
   */
  static Map<String, Map<String, List<Judgment>>> of(
      List<Judgment> judgments, Predicate<Judgment> taken) {
    Map<String, Map<String, List<Judgment>>> raters = new TreeMap<>();
    for (Judgment judgment : judgments) {
      if (taken.test(judgment)) {
        raters
            .computeIfAbsent(key(judgment), key -> new TreeMap<>())
            .computeIfAbsent(judgment.response(), key -> new ArrayList<>())
            .add(judgment);
      }
    }
    return raters;
  }

  static String key(Judgment judgment) {
    return judgment.annotator().orElse("") + "\0" + judgment.source();
  }

  /** The ids of both lists' judgments. */
  static List<String> ids(List<Judgment> left, List<Judgment> right) {
    List<String> ids = new ArrayList<>(left.size() + right.size());
    left.forEach(judgment -> ids.add(judgment.id()));
    right.forEach(judgment -> ids.add(judgment.id()));
    return ids;
  }
}
