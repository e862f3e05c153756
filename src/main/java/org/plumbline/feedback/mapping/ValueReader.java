package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads paths and values of a mapping file. What cannot be read becomes a problem, and something
 * harmless, so that reading goes on and finds the other problems too.
 */
final class ValueReader {
  private static final Pattern BRACES = Pattern.compile("\\{([^{}]*)}");
  private static final Value NOTHING = new Value.Constant(MissingNode.getInstance());
  private static final String FORMS =
      "a path, a text with {paths}, a number, a list, or an object with constant, join, first-of,"
          + " or path and values or between";

  private final Problems problems;

  ValueReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * Reads a value.
   *
   * @param names the loops that it stands in
   */
  Value value(String key, JsonNode node, Set<String> names) {
    if (node.isNumber() || node.isBoolean()) {
      return new Value.Constant(node);
    }
    if (node.isTextual()) {
      return node.textValue().contains("{")
          ? template(key, node.textValue(), names)
          : path(key, node, names).<Value>map(Value.Field::new).orElse(NOTHING);
    }
    if (node.isArray()) {
      return new Value.Items(values(key, node, names));
    }
    if (node.isObject()) {
      return object(key, node, names);
    }
    problems.add(key, node, FORMS);
    return NOTHING;
  }

  private List<Value> values(String key, JsonNode list, Set<String> names) {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      values.add(value(key + "[" + i + "]", list.get(i), names));
    }
    return values;
  }

  private Value object(String key, JsonNode node, Set<String> names) {
    Set<String> keys = new TreeSet<>();
    node.fieldNames().forEachRemaining(keys::add);
    if (keys.equals(Set.of("constant"))) {
      return new Value.Constant(node.get("constant"));
    }
    if (keys.equals(Set.of("join")) || keys.equals(Set.of("join", "with"))) {
      List<Value> parts = values(key + ".join", node.get("join"), names);
      return new Value.Join(parts, node.path("with").asText(""));
    }
    if (keys.equals(Set.of("first-of"))) {
      return new Value.FirstOf(values(key + ".first-of", node.get("first-of"), names));
    }
    if (keys.equals(Set.of("path", "values"))) {
      return lookup(key, node, names);
    }
    if (keys.equals(Set.of("path", "between"))) {
      return between(key, node, names);
    }
    problems.add(key, node, FORMS);
    return NOTHING;
  }

  private Value lookup(String key, JsonNode node, Set<String> names) {
    Map<String, JsonNode> words = new LinkedHashMap<>();
    node.get("values").properties().forEach(word -> words.put(word.getKey(), word.getValue()));
    if (words.isEmpty()) {
      problems.add(key + ".values", node.get("values"), "an object: the format's word to ours");
    }
    return path(key + ".path", node.get("path"), names)
        .<Value>map(path -> new Value.Lookup(path, words))
        .orElse(NOTHING);
  }

  private Value between(String key, JsonNode node, Set<String> names) {
    JsonNode ends = node.get("between");
    if (ends.size() != 2
        || !ends.get(0).isNumber()
        || !ends.get(1).isNumber()
        || ends.get(0).doubleValue() == ends.get(1).doubleValue()) {
      problems.add(key + ".between", ends, "two different numbers: what becomes 0, what becomes 1");
      return NOTHING;
    }
    return path(key + ".path", node.get("path"), names)
        .<Value>map(
            path -> new Value.Between(path, ends.get(0).doubleValue(), ends.get(1).doubleValue()))
        .orElse(NOTHING);
  }

  private Value template(String key, String text, Set<String> names) {
    List<String> texts = new ArrayList<>();
    List<FieldPath> paths = new ArrayList<>();
    Matcher braces = BRACES.matcher(text);
    int at = 0;
    while (braces.find()) {
      Optional<FieldPath> path = path(key, braces.group(1), names);
      if (path.isPresent()) {
        texts.add(text.substring(at, braces.start()));
        paths.add(path.get());
        at = braces.end();
      }
    }
    texts.add(text.substring(at));
    return new Value.Template(List.copyOf(texts), List.copyOf(paths));
  }

  /** Reads a path that stands in the loops {@code names}. */
  Optional<FieldPath> path(String key, JsonNode node, Set<String> names) {
    if (!node.isTextual()) {
      problems.add(key, node, "a path");
      return Optional.empty();
    }
    return path(key, node.textValue(), names);
  }

  private Optional<FieldPath> path(String key, String text, Set<String> names) {
    Optional<FieldPath> path = FieldPath.parse(text);
    if (path.isEmpty()) {
      problems.add(key, text, "a path such as chosen[-1].content or $loop.text");
      return path;
    }
    for (String name : path.get().names()) {
      if (!names.contains(name)) {
        String known =
            names.isEmpty()
                ? "; there is none here"
                : ": " + String.join(", ", new TreeSet<>(names));
        problems.add(key, "$" + name, "the name of a loop around it" + known);
        return Optional.empty();
      }
    }
    return path;
  }

  /** Reads loops, outermost first, and adds their names to {@code names}. */
  List<Loop> loops(String key, JsonNode node, Set<String> names) {
    List<Loop> loops = new ArrayList<>();
    if (!node.isMissingNode() && !node.isObject()) {
      problems.add(key, node, "an object: a name to what is gone through");
    }
    node.properties()
        .forEach(
            entry -> {
              String at = key + "." + entry.getKey();
              loop(at, entry.getKey(), entry.getValue(), names).ifPresent(loops::add);
              names.add(entry.getKey());
            });
    return loops;
  }

  private Optional<Loop> loop(String key, String name, JsonNode node, Set<String> names) {
    if (node.isArray()) {
      List<FieldPath> paths = new ArrayList<>();
      node.forEach(each -> path(key, each, names).ifPresent(paths::add));
      return Optional.of(new Loop(name, Loop.Kind.PATHS, paths));
    }
    boolean distinct = node.isObject() && node.size() == 1 && node.has("distinct");
    if (!node.isTextual() && !distinct) {
      problems.add(key, node, "a path, a list of paths, or an object with distinct");
      return Optional.empty();
    }
    Loop.Kind kind = distinct ? Loop.Kind.DISTINCT : Loop.Kind.ELEMENTS;
    return path(key, distinct ? node.get("distinct") : node, names)
        .map(path -> new Loop(name, kind, List.of(path)));
  }

  /** Reads conditions: a path to the value, or the list of values, that it may have. */
  List<Condition> conditions(String key, JsonNode node, Set<String> names) {
    List<Condition> conditions = new ArrayList<>();
    if (!node.isMissingNode() && !node.isObject()) {
      problems.add(key, node, "an object: a path to the values that it may have");
    }
    node.properties()
        .forEach(
            entry -> {
              List<String> values = new ArrayList<>();
              JsonNode allowed = entry.getValue();
              (allowed.isArray() ? allowed : List.of(allowed))
                  .forEach(value -> values.add(value.asText()));
              path(key, entry.getKey(), names)
                  .ifPresent(path -> conditions.add(new Condition(path, values)));
            });
    return conditions;
  }
}
