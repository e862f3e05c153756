package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.List;

/** That what stands at a path is one of some values. */
record Condition(FieldPath path, List<String> values) implements Serializable {
  boolean holds(Scope scope) {
    JsonNode node = path.in(scope);
    return node.isValueNode() && values.contains(node.asText());
  }

  /** Where nothing is said, nothing is wrong. */
  void require(Scope scope) throws Unmapped {
    if (!path.in(scope).isMissingNode() && !holds(scope)) {
      throw Unmapped.invalid(path.text(), "another value", String.join(" or ", values));
    }
  }
}
