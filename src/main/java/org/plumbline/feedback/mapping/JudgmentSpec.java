package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One judgment, or one for each turn of its loops.
 *
 * @param loops from the outermost
 * @param when where one does not hold, there is no judgment
 * @param require where one does not hold, the judgment is refused
 * @param dialogues in place of {@code prompt} and {@code responses}
 * @param fields the other fields, by their name in the project's own layout
 */
record JudgmentSpec(
    String kind,
    List<Loop> loops,
    List<Condition> when,
    List<Condition> require,
    Optional<Dialogues> dialogues,
    Optional<Turns.Dialogue> prompt,
    Optional<Responses> responses,
    Map<String, Value> fields,
    Map<String, Value> attributes)
    implements Serializable {

  List<Mapped> in(Scope row) {
    List<Mapped> judgments = new ArrayList<>();
    try {
      for (Scope scope : Loop.nest(loops, row)) {
        if (takes(scope)) {
          judgments.add(one(scope));
        }
      }
    } catch (Unmapped e) {
      judgments.add(Mapped.refused(e.getMessage()));
    }
    return judgments;
  }

  /** Whether what a scope stands at is such a judgment. */
  boolean takes(Scope scope) {
    return when.stream().allMatch(condition -> condition.holds(scope));
  }

  private Mapped one(Scope scope) {
    try {
      return Mapped.of(judgment(scope));
    } catch (Unmapped e) {
      return Mapped.refused(e.getMessage());
    }
  }

  private ObjectNode judgment(Scope scope) throws Unmapped {
    for (Condition condition : require) {
      condition.require(scope);
    }
    ObjectNode judgment = JsonNodeFactory.instance.objectNode().put("kind", kind);
    if (dialogues.isPresent()) {
      dialogues.get().fill(scope, judgment);
    }
    if (prompt.isPresent()) {
      JsonNode node = prompt.get().in(scope);
      if (!node.isMissingNode()) {
        judgment.set("prompt", node);
      }
    }
    if (responses.isPresent()) {
      responses.get().fill(scope, judgment);
    }
    for (Map.Entry<String, Value> field : fields.entrySet()) {
      Fill.optional(judgment, field.getKey(), field.getValue(), scope);
    }
    ObjectNode known = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, Value> attribute : attributes.entrySet()) {
      Fill.optional(known, attribute.getKey(), attribute.getValue(), scope);
    }
    if (!known.isEmpty()) {
      judgment.set("attributes", known);
    }
    return judgment;
  }
}
