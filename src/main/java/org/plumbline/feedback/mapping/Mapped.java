package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * One thing that a row says: a judgment in the project's own layout, or why it is none.
 *
 * @param judgment empty if there is a problem
 * @param problem empty if there is a judgment
 */
public record Mapped(Optional<JsonNode> judgment, Optional<String> problem) {
  static Mapped of(JsonNode judgment) {
    return new Mapped(Optional.of(judgment), Optional.empty());
  }

  static Mapped refused(String problem) {
    return new Mapped(Optional.empty(), Optional.of(problem));
  }
}
