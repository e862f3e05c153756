package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/**
 * What paths can see: the row, and what the loops around them stand at.
 *
 * @param names by the loop's name
 */
record Scope(JsonNode row, Map<String, Bound> names) {
  /**
   * What a loop stands at.
   *
   * @param key its key in the object, or its place in the list, from 0
   */
  record Bound(JsonNode node, String key) {}

  static Scope of(JsonNode row) {
    return new Scope(row, Map.of());
  }

  Scope with(String name, Bound bound) {
    Map<String, Bound> more = new HashMap<>(names);
    more.put(name, bound);
    return new Scope(row, more);
  }
}
