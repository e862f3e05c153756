package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Spoils copies of some judgments in the ways in which real exports are spoilt. */
final class BadRows {
  private static final int WAYS = 5;

  private BadRows() {}

  /**
   * Puts spoilt copies of random lines at random places.
   *
   * @param rows good judgments
   * @param share how many lines to spoil, as a share of the good ones; at least one in every way
   * @return the lines of the file, good and bad
   */
  static List<String> among(List<Map<String, Object>> rows, double share, Draws draws) {
    List<String> lines = new ArrayList<>();
    rows.forEach(row -> lines.add(Json.line(row)));
    List<Map<String, Object>> rankings =
        rows.stream().filter(r -> r.containsKey("ranking")).toList();
    List<Map<String, Object>> ratings = rows.stream().filter(r -> r.containsKey("rating")).toList();
    long count = Math.max(WAYS, Math.round(share * rows.size()));
    for (int i = 0; i < count; i++) {
      boolean rating = i % WAYS == WAYS - 1;
      List<Map<String, Object>> from = rating ? ratings : rankings;
      if (!from.isEmpty()) {
        String line = spoilt(from.get(draws.any(from.size())), i % WAYS);
        lines.add(draws.any(lines.size() + 1), line);
      }
    }
    return lines;
  }

  private static String spoilt(Map<String, Object> good, int way) {
    Map<String, Object> bad = new LinkedHashMap<>(good);
    List<?> responses = (List<?>) good.get("responses");
    switch (way) {
      case 0 -> {
        String line = Json.line(good);
        return line.substring(0, line.length() / 2); // the export broke off
      }
      case 1 -> bad.remove("prompt");
      case 2 -> {
        // the same text twice: nothing to prefer
        bad.put("kind", "choice");
        bad.remove("ranking");
        bad.put("responses", List.of(renamed(responses.get(0), 0), renamed(responses.get(0), 1)));
        bad.put("choice", 0);
        bad.put("shown", List.of(0, 1));
      }
      case 3 -> {
        bad.put("responses", responses.subList(0, 1));
        bad.put("ranking", List.of(1));
        bad.put("shown", List.of(0));
      }
      default -> bad.put("rating", 10 * Annotator.HIGHEST); // typed with a nought too many
    }
    return Json.line(bad);
  }

  private static Map<Object, Object> renamed(Object response, int index) {
    Map<Object, Object> renamed = new LinkedHashMap<>((Map<?, ?>) response);
    renamed.put("id", FeedbackItem.id(index));
    return renamed;
  }
}
