package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one judgment of a mapping file: what it says itself, and what all judgments share. */
final class JudgmentReader {
  /** What each kind must say. */
  private static final Map<String, String> ANSWERS =
      Map.of(
          "ranking", "ranking",
          "choice", "choice",
          "binary", "acceptable",
          "rating", "rating",
          "critique", "critique");

  /** Fields whose value is an ordinary one. */
  private static final List<String> FIELDS =
      List.of(
          "ranking",
          "choice",
          "strength",
          "acceptable",
          "rating",
          "scale",
          "critique",
          "severity",
          "revision",
          "shown",
          "gold",
          "annotator",
          "group",
          "seconds",
          "time",
          "source",
          "split");

  private static final List<String> OTHERS =
      List.of("kind", "each", "when", "require", "dialogues", "prompt", "responses", "attributes");

  private static final Set<String> RESPONSE = Set.of("text", "id", "model", "rank", "each");

  private final Problems problems;
  private final ValueReader values;

  JudgmentReader(Problems problems) {
    this.problems = problems;
    this.values = new ValueReader(problems);
  }

  /** Whether {@code key} may stand in a judgment. */
  static boolean knows(String key) {
    return FIELDS.contains(key) || OTHERS.contains(key);
  }

  static String keys() {
    return String.join(", ", OTHERS) + ", " + String.join(", ", FIELDS);
  }

  /**
   * Reads a judgment.
   *
   * @param at where it is, with a dot at the end if it is not the whole file
   * @param shared what the file says above its judgments; missing if there is no list of them
   */
  JudgmentSpec read(String at, JsonNode own, JsonNode shared) {
    Set<String> names = new HashSet<>();
    List<Loop> loops = new ArrayList<>(values.loops("each", shared.path("each"), names));
    loops.addAll(values.loops(at + "each", own.path("each"), names));
    Source from = new Source(at, own, shared);
    List<Condition> when = new ArrayList<>(values.conditions("when", shared.path("when"), names));
    when.addAll(values.conditions(at + "when", own.path("when"), names));
    List<Condition> require =
        new ArrayList<>(values.conditions("require", shared.path("require"), names));
    require.addAll(values.conditions(at + "require", own.path("require"), names));
    Map<String, Value> fields = new LinkedHashMap<>();
    for (String field : FIELDS) {
      from.find(field, node -> fields.put(field, values.value(from.key(field), node, names)));
    }
    Map<String, Value> attributes = new LinkedHashMap<>();
    from.find(
        "attributes",
        node ->
            node.properties()
                .forEach(
                    entry ->
                        attributes.put(
                            entry.getKey(),
                            values.value(
                                from.key("attributes") + "." + entry.getKey(),
                                entry.getValue(),
                                names))));
    Optional<Responses> responses = responses(from, names);
    String kind = kind(from, fields.keySet(), responses);
    return new JudgmentSpec(
        kind,
        loops,
        when,
        require,
        dialogues(from, names),
        prompt(from, names),
        responses,
        fields,
        attributes);
  }

  /** Where a judgment's own keys stand, and where those that it shares. */
  private record Source(String at, JsonNode own, JsonNode shared) {
    JsonNode get(String key) {
      return own.has(key) ? own.get(key) : shared.path(key);
    }

    String key(String key) {
      return own.has(key) || !shared.has(key) ? at + key : key;
    }

    void find(String key, java.util.function.Consumer<JsonNode> reader) {
      if (!get(key).isMissingNode()) {
        reader.accept(get(key));
      }
    }
  }

  private String kind(Source from, Set<String> fields, Optional<Responses> responses) {
    JsonNode kind = from.get("kind");
    String answer = ANSWERS.get(kind.asText());
    if (answer == null) {
      problems.add(from.key("kind"), kind, "ranking, choice, binary, rating or critique");
      return "";
    }
    boolean ranked = answer.equals("ranking") && responses.isPresent() && responses.get().ranked();
    if (!fields.contains(answer) && !ranked) {
      problems.add(from.key(answer), "missing", "given, since kind is " + kind.asText());
    }
    return kind.asText();
  }

  private Optional<Turns.Dialogue> prompt(Source from, Set<String> names) {
    JsonNode node = from.get("prompt");
    String key = from.key("prompt");
    if (node.isMissingNode()) {
      if (from.get("dialogues").isMissingNode()) {
        problems.add(key, "missing", "given, or dialogues");
      }
      return Optional.empty();
    }
    if (!node.isObject() || !node.has("messages")) {
      return Optional.of(
          new Turns.Dialogue(values.value(key, node, names), Turns.OWN, Optional.empty()));
    }
    refuseOthers(key, node, Set.of("messages", "role", "content", "roles", "system"));
    Optional<Value> system =
        node.has("system")
            ? Optional.of(values.value(key + ".system", node.get("system"), names))
            : Optional.empty();
    return Optional.of(
        new Turns.Dialogue(
            values.value(key + ".messages", node.get("messages"), names), turns(node), system));
  }

  private static Turns turns(JsonNode node) {
    Map<String, String> roles = new LinkedHashMap<>();
    node.path("roles")
        .properties()
        .forEach(role -> roles.put(role.getKey(), role.getValue().asText()));
    return new Turns(
        node.path("role").asText("role"), node.path("content").asText("content"), roles);
  }

  private Optional<Dialogues> dialogues(Source from, Set<String> names) {
    JsonNode node = from.get("dialogues");
    String key = from.key("dialogues");
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    refuseOthers(key, node, Set.of("of", "as", "role", "content", "roles"));
    List<FieldPath> paths = new ArrayList<>();
    node.path("of").forEach(each -> values.path(key + ".of", each, names).ifPresent(paths::add));
    if (node.path("of").size() < 2) {
      problems.add(key + ".of", node.path("of"), "a list of two or more paths");
    }
    String as = node.path("as").asText();
    if (!as.equals("text") && !as.equals("turns")) {
      problems.add(key + ".as", node.path("as"), "text or turns");
    }
    return Optional.of(new Dialogues(List.copyOf(paths), as.equals("text"), turns(node)));
  }

  private Optional<Responses> responses(Source from, Set<String> names) {
    JsonNode node = from.get("responses");
    String key = from.key("responses");
    if (node.isMissingNode()) {
      if (from.get("dialogues").isMissingNode()) {
        problems.add(key, "missing", "given, or dialogues");
      }
      return Optional.empty();
    }
    List<Responses.Spec> specs = new ArrayList<>();
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        specs.add(response(key + "[" + i + "]", node.get(i), names));
      }
    } else {
      specs.add(response(key, node, names));
    }
    return Optional.of(new Responses(specs));
  }

  private Responses.Spec response(String key, JsonNode node, Set<String> around) {
    Set<String> names = new HashSet<>(around);
    List<Loop> loops = values.loops(key + ".each", node.path("each"), names);
    Map<String, Value> fields = new LinkedHashMap<>();
    refuseOthers(key, node, RESPONSE);
    for (String field : List.of("text", "id", "model", "rank")) {
      if (node.has(field)) {
        fields.put(field, values.value(key + "." + field, node.get(field), names));
      }
    }
    if (!fields.containsKey("text")) {
      problems.add(key + ".text", MissingNode.getInstance(), "given");
    }
    return new Responses.Spec(loops, fields);
  }

  private void refuseOthers(String key, JsonNode node, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            field -> {
              if (!known.contains(field)) {
                problems.add(
                    key + "." + field,
                    node.get(field),
                    "one of " + String.join(", ", known.stream().sorted().toList()));
              }
            });
  }
}
