package org.plumbline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What stages' results say of the whole run. */
final class Headlines {
  private Headlines() {}

  static ObjectNode none(ObjectNode result) {
    return result.objectNode();
  }

  /** {@code rows.feedback} and {@code rows.rejects}. */
  static ObjectNode ofFeedback(ObjectNode result) {
    ObjectNode headline = result.objectNode();
    headline
        .putObject("rows")
        .<ObjectNode>set("feedback", result.get("feedback"))
        .set("rejects", result.get("rejects"));
    return headline;
  }

  /** {@code judgments.disagreement}. */
  static ObjectNode ofCurate(ObjectNode result) {
    ObjectNode headline = result.objectNode();
    headline.putObject("judgments").set("disagreement", result.get("disagreement"));
    return headline;
  }

  /** {@code reward.*}, and each policy's measures under its name. */
  static ObjectNode ofEvaluate(ObjectNode result) {
    ObjectNode headline = result.objectNode();
    if (result.has("reward")) {
      headline.set("reward", result.get("reward"));
    }
    for (Map.Entry<String, JsonNode> policy : result.path("policies").properties()) {
      headline.set(policy.getKey(), policy.getValue());
    }
    return headline;
  }
}
