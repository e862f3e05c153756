package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Set;

/** Puts values where they belong, as the type that the field has. */
final class Fill {
  private static final Set<String> NAMES = Set.of("annotator", "group", "source", "id", "model");
  private static final Set<String> NUMBERS = Set.of("rating", "strength", "severity", "seconds");
  private static final Set<String> LISTS = Set.of("ranking", "scale", "shown");
  private static final Set<String> FLAGS = Set.of("acceptable", "gold");
  private static final ObjectMapper JSON = new ObjectMapper();

  private Fill() {}

  /** A text that may be empty, or of the wrong type: whoever reads the judgment says so. */
  static void text(ObjectNode to, String field, Value value, Scope scope) throws Unmapped {
    JsonNode node = value.in(scope);
    if (!node.isMissingNode()) {
      to.set(field, node);
    }
  }

  /** A field that may be left out; blank text counts as missing, as an empty cell does. */
  static void optional(ObjectNode to, String field, Value value, Scope scope) throws Unmapped {
    JsonNode node = value == null ? null : value.in(scope);
    if (node != null
        && !node.isMissingNode()
        && !(node.isTextual() && node.textValue().isBlank())) {
      to.set(field, typed(field, node));
    }
  }

  private static JsonNode typed(String field, JsonNode node) {
    if (NAMES.contains(field)) {
      return node.isNumber() ? TextNode.valueOf(node.asText()) : node;
    }
    if (NUMBERS.contains(field)) {
      return number(node);
    }
    if (FLAGS.contains(field)) {
      return flag(node);
    }
    if (LISTS.contains(field) && node.isArray()) {
      ArrayNode numbers = JsonNodeFactory.instance.arrayNode();
      node.forEach(element -> numbers.add(number(element)));
      return numbers;
    }
    return node;
  }

  /** Text that writes a number, as CSV files have it, is that number. */
  static JsonNode number(JsonNode node) {
    if (!node.isTextual()) {
      return node;
    }
    try {
      JsonNode number = JSON.readTree(node.textValue());
      return number.isNumber() ? number : node;
    } catch (JsonProcessingException e) {
      return node;
    }
  }

  private static JsonNode flag(JsonNode node) {
    return switch (node.isTextual() ? node.textValue() : "") {
      case "true", "True", "TRUE" -> JsonNodeFactory.instance.booleanNode(true);
      case "false", "False", "FALSE" -> JsonNodeFactory.instance.booleanNode(false);
      default -> node;
    };
  }
}
