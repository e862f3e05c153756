package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** The responses of a judgment: some written one by one, or one for each turn of a loop. */
record Responses(List<Spec> specs) implements Serializable {
  /**
   * One response, or several if it stands in loops.
   *
   * @param fields {@code text}, and maybe {@code id}, {@code model} and {@code rank}
   */
  record Spec(List<Loop> loops, Map<String, Value> fields) implements Serializable {}

  /** Whether every response says its own rank. */
  boolean ranked() {
    return specs.stream().allMatch(spec -> spec.fields().containsKey("rank"));
  }

  /** Fills {@code responses}, and {@code ranking} if the responses say their ranks. */
  void fill(Scope scope, ObjectNode judgment) throws Unmapped {
    ArrayNode responses = judgment.putArray("responses");
    for (Spec spec : specs) {
      for (Scope inside : Loop.nest(spec.loops(), scope)) {
        ObjectNode response = responses.addObject();
        Fill.text(response, "text", spec.fields().get("text"), inside);
        Fill.optional(response, "id", spec.fields().get("id"), inside);
        Fill.optional(response, "model", spec.fields().get("model"), inside);
        if (ranked()) {
          JsonNode rank = Fill.number(spec.fields().get("rank").in(inside));
          if (!rank.isIntegralNumber()) {
            throw Unmapped.invalid(
                "responses.rank", FieldPath.type(rank), "a whole number for each response");
          }
          judgment.withArray("ranking").add(rank);
        }
      }
    }
  }
}
