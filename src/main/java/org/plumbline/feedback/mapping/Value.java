package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How one field of a judgment is made from the row. */
sealed interface Value extends Serializable {
  /** The value, or a missing node. */
  JsonNode in(Scope scope) throws Unmapped;

  /** The paths that it is made of. */
  List<FieldPath> paths();

  /** The names of all loops that it needs. */
  default Set<String> names() {
    Set<String> names = new HashSet<>();
    paths().forEach(path -> names.addAll(path.names()));
    return names;
  }

  /** What stands at a path. */
  record Field(FieldPath path) implements Value {
    @Override
    public JsonNode in(Scope scope) {
      return path.in(scope);
    }

    @Override
    public List<FieldPath> paths() {
      return List.of(path);
    }
  }

  /** The same for every row. */
  record Constant(JsonNode value) implements Value {
    @Override
    public JsonNode in(Scope scope) {
      return value;
    }

    @Override
    public List<FieldPath> paths() {
      return List.of();
    }
  }

  /**
   * Text with paths in braces. Missing if any of them is missing or blank.
   *
   * @param texts what stands before each path, and after the last
   */
  record Template(List<String> texts, List<FieldPath> paths) implements Value {
    @Override
    public JsonNode in(Scope scope) throws Unmapped {
      StringBuilder text = new StringBuilder(texts.get(0));
      for (int i = 0; i < paths.size(); i++) {
        Optional<String> part = plain(paths.get(i), scope);
        if (part.isEmpty()) {
          return MissingNode.getInstance();
        }
        text.append(part.get()).append(texts.get(i + 1));
      }
      return TextNode.valueOf(text.toString());
    }

    private static Optional<String> plain(FieldPath path, Scope scope) throws Unmapped {
      JsonNode node = path.in(scope);
      if (node.isArray()) {
        List<String> elements = new ArrayList<>();
        for (JsonNode element : node) {
          elements.add(text(path, element).strip());
        }
        return Optional.of(String.join(", ", elements)).filter(text -> !text.isBlank());
      }
      return node.isMissingNode()
          ? Optional.empty()
          : Optional.of(text(path, node)).filter(text -> !text.isBlank());
    }

    private static String text(FieldPath path, JsonNode node) throws Unmapped {
      if (!node.isTextual() && !node.isNumber()) {
        throw Unmapped.invalid(path.text(), FieldPath.type(node), "text");
      }
      return node.asText();
    }
  }

  /** The parts that are there and not blank, with a text between them. */
  record Join(List<Value> parts, String with) implements Value {
    @Override
    public JsonNode in(Scope scope) throws Unmapped {
      List<String> texts = new ArrayList<>();
      for (Value part : parts) {
        JsonNode node = part.in(scope);
        if (!node.isMissingNode() && !node.isTextual() && !node.isNumber()) {
          String where = part.paths().isEmpty() ? "join" : part.paths().get(0).text();
          throw Unmapped.invalid(where, FieldPath.type(node), "text");
        }
        if (!node.asText().isBlank()) {
          texts.add(node.asText());
        }
      }
      return texts.isEmpty()
          ? MissingNode.getInstance()
          : TextNode.valueOf(String.join(with, texts));
    }

    @Override
    public List<FieldPath> paths() {
      return parts.stream().flatMap(part -> part.paths().stream()).toList();
    }
  }

  /** The first that is there and, being plain, fits: an object or a list is passed over. */
  record FirstOf(List<Value> choices) implements Value {
    @Override
    public JsonNode in(Scope scope) throws Unmapped {
      for (Value choice : choices) {
        JsonNode node = choice.in(scope);
        if (node.isValueNode()) {
          return node;
        }
      }
      return MissingNode.getInstance();
    }

    @Override
    public List<FieldPath> paths() {
      return choices.stream().flatMap(choice -> choice.paths().stream()).toList();
    }
  }

  /** A list of values; those that are missing make no element. */
  record Items(List<Value> items) implements Value {
    @Override
    public JsonNode in(Scope scope) throws Unmapped {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      for (Value item : items) {
        JsonNode node = item.in(scope);
        if (!node.isMissingNode()) {
          list.add(node);
        }
      }
      return list;
    }

    @Override
    public List<FieldPath> paths() {
      return items.stream().flatMap(item -> item.paths().stream()).toList();
    }
  }

  /** A value written with the format's own words. */
  record Lookup(FieldPath path, Map<String, JsonNode> values) implements Value {
    @Override
    public JsonNode in(Scope scope) throws Unmapped {
      JsonNode node = path.in(scope);
      if (node.isMissingNode()) {
        return node;
      }
      JsonNode value = node.isValueNode() ? values.get(node.asText()) : null;
      if (value == null) {
        throw Unmapped.invalid(
            path.text(), "another value", "one of " + String.join(", ", values.keySet()));
      }
      return value;
    }

    @Override
    public List<FieldPath> paths() {
      return List.of(path);
    }
  }

  /** A number moved to where {@code from} is 0 and {@code to} is 1. */
  record Between(FieldPath path, double from, double to) implements Value {
    @Override
    public JsonNode in(Scope scope) throws Unmapped {
      JsonNode node = path.in(scope);
      if (node.isMissingNode()) {
        return node;
      }
      try {
        double number = new BigDecimal(node.asText()).doubleValue();
        return DoubleNode.valueOf((number - from) / (to - from));
      } catch (NumberFormatException e) {
        throw Unmapped.invalid(path.text(), FieldPath.type(node), "a number");
      }
    }

    @Override
    public List<FieldPath> paths() {
      return List.of(path);
    }
  }
}
