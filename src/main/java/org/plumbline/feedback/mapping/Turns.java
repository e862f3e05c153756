package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;

/**
 * Turns of a dialogue as a format writes them.
 *
 * @param role key of who speaks
 * @param content key of what is said
 * @param roles the format's word to ours; other words stay as they are
 */
record Turns(String role, String content, Map<String, String> roles) implements Serializable {
  static final Turns OWN = new Turns("role", "content", Map.of());

  /**
   * A dialogue, maybe with a system turn in front. One that is text is a turn of the user.
   *
   * @param messages where the turns are
   * @param system what the system says, if anything
   */
  record Dialogue(Value messages, Turns turns, Optional<Value> system) implements Serializable {
    JsonNode in(Scope scope) throws Unmapped {
      JsonNode node = messages.in(scope);
      JsonNode first = system.isPresent() ? system.get().in(scope) : null;
      boolean more = first != null && !first.asText().isBlank();
      if (!node.isArray() && !(more && node.isTextual())) {
        return node;
      }
      ArrayNode dialogue = JsonNodeFactory.instance.arrayNode();
      if (more) {
        dialogue.addObject().put("role", "system").set("content", first);
      }
      if (node.isTextual()) {
        dialogue.addObject().put("role", "user").set("content", node);
      } else {
        node.forEach(turn -> dialogue.add(turns.own(turn)));
      }
      return dialogue;
    }
  }

  /** {@code turn} with our keys and words. */
  JsonNode own(JsonNode turn) {
    if (!turn.isObject()) {
      return turn;
    }
    ObjectNode own = JsonNodeFactory.instance.objectNode();
    JsonNode speaker = turn.path(role);
    if (speaker.isTextual()) {
      own.put("role", roles.getOrDefault(speaker.textValue(), speaker.textValue()));
    } else if (!speaker.isMissingNode()) {
      own.set("role", speaker);
    }
    if (turn.has(content)) {
      own.set("content", turn.get(content));
    }
    return own;
  }
}
