package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The fields of one JSON object, read by type. A field that is {@code null} counts as missing. */
final class Fields {
  private final JsonNode object;
  private final String parent;

  private Fields(JsonNode object, String parent) {
    this.object = object;
    this.parent = parent;
  }

  /** The fields of a whole row. */
  static Fields of(JsonNode row) throws MalformedRow {
    return of(row, "row", "");
  }

  private static Fields of(JsonNode node, String name, String parent) throws MalformedRow {
    if (!node.isObject()) {
      throw MalformedRow.invalid(name, type(node), "an object");
    }
    return new Fields(node, parent);
  }

  boolean has(String key) {
    return object.hasNonNull(key);
  }

  boolean isText(String key) {
    return object.path(key).isTextual();
  }

  /** Text with at least one visible character. */
  String text(String key) throws MalformedRow {
    String text = rawText(key);
    if (text.isBlank()) {
      throw invalid(key, "empty", "text");
    }
    return text;
  }

  /** Text that may be empty. */
  String rawText(String key) throws MalformedRow {
    JsonNode node = object.path(key);
    if (!node.isTextual()) {
      throw invalid(key, type(node), "text");
    }
    return node.textValue();
  }

  Optional<String> optionalText(String key) throws MalformedRow {
    return has(key) ? Optional.of(text(key)) : Optional.empty();
  }

  boolean flag(String key) throws MalformedRow {
    JsonNode node = object.path(key);
    if (!node.isBoolean()) {
      throw invalid(key, type(node), "true or false");
    }
    return node.booleanValue();
  }

  double number(String key) throws MalformedRow {
    JsonNode node = object.path(key);
    if (!node.isNumber()) {
      throw invalid(key, type(node), "a number");
    }
    return node.doubleValue();
  }

  OptionalDouble optionalNumber(String key) throws MalformedRow {
    return has(key) ? OptionalDouble.of(number(key)) : OptionalDouble.empty();
  }

  List<Integer> integers(String key) throws MalformedRow {
    List<Integer> values = new ArrayList<>();
    for (JsonNode element : array(key)) {
      if (!element.isIntegralNumber() || !element.canConvertToInt()) {
        throw invalid(key, "holds " + type(element), "a list of whole numbers");
      }
      values.add(element.intValue());
    }
    return values;
  }

  /** The objects of a list, each to be read in turn. */
  List<Fields> objects(String key) throws MalformedRow {
    List<Fields> values = new ArrayList<>();
    for (JsonNode element : array(key)) {
      values.add(of(element, at(key), at(key) + "."));
    }
    return values;
  }

  private JsonNode array(String key) throws MalformedRow {
    JsonNode node = object.path(key);
    if (!node.isArray()) {
      throw invalid(key, type(node), "a list");
    }
    return node;
  }

  /** An object of plain values, each as text; empty if missing. */
  TreeMap<String, String> attributes(String key) throws MalformedRow {
    TreeMap<String, String> values = new TreeMap<>();
    if (!has(key)) {
      return values;
    }
    JsonNode node = object.get(key);
    if (!node.isObject()) {
      throw invalid(key, type(node), "an object");
    }
    for (var field : node.properties()) {
      if (!field.getValue().isValueNode()) {
        throw invalid(key, "holds " + type(field.getValue()), "an object of plain values");
      }
      values.put(field.getKey(), field.getValue().asText());
    }
    return values;
  }

  MalformedRow invalid(String key, String found, String must) {
    return MalformedRow.invalid(at(key), found, must);
  }

  private String at(String key) {
    return parent + key;
  }

  private static String type(JsonNode node) {
    return node.getNodeType().toString().toLowerCase(Locale.ROOT);
  }
}
