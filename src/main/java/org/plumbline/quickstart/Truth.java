package org.plumbline.quickstart;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers what every reply truly is, for checks; no stage reads it. */
final class Truth {
  private final Map<String, Row> rows = new LinkedHashMap<>();

  /** A line of {@code truth.jsonl}. */
  record Row(String prompt, String response, String category, double quality) {}

  /** Remembers {@code reply} and returns it. */
  Reply note(WorldPrompt prompt, Reply reply) {
    rows.putIfAbsent(
        prompt.text() + "\0" + reply.text(),
        new Row(prompt.text(), reply.text(), reply.category(), reply.quality()));
    return reply;
  }

  Collection<Row> rows() {
    return rows.values();
  }
}
