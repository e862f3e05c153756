package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way into the row, or, with {@code $name} in front, into what a loop stands at: {@code
 * chosen[-1].content}, {@code $review.scores[*]}. {@code $name@key} is the key or the place of what
 * the loop stands at. What is not there, or is {@code null}, is missing.
 *
 * @param text as it was written
 * @param name the loop that it starts from; empty if it starts from the row
 * @param key whether it is the loop's key
 */
record FieldPath(String text, Optional<String> name, boolean key, List<Step> steps)
    implements Serializable {
  private static final Pattern START = Pattern.compile("\\$([A-Za-z][\\w-]*)(@key)?");
  private static final Pattern STEP =
      Pattern.compile(
          "\\.?([^.\\[\\]{}$@]+)|\\[(-?\\d+)]|(\\[\\*])|(\\[:-1])"
              + "|\\[([^.\\[\\]{}=$]+)=([^\\[\\]{}]+)]");

  /** One part of the way. */
  sealed interface Step extends Serializable {
    JsonNode from(JsonNode node, Scope scope);
  }

  /** {@code .key}. */
  record Key(String key) implements Step {
    @Override
    public JsonNode from(JsonNode node, Scope scope) {
      return node.path(key);
    }
  }

  /** {@code [n]}, from the end if negative. */
  record Place(int place) implements Step {
    @Override
    public JsonNode from(JsonNode node, Scope scope) {
      return node.path(place < 0 ? node.size() + place : place);
    }
  }

  /** {@code [:-1]}: all but the last. */
  record AllButLast() implements Step {
    @Override
    public JsonNode from(JsonNode node, Scope scope) {
      if (!node.isArray()) {
        return MissingNode.getInstance();
      }
      ArrayNode most = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < node.size() - 1; i++) {
        most.add(node.get(i));
      }
      return most;
    }
  }

  /** {@code [*]}: what comes after is taken from every element, or every value of an object. */
  record Each() implements Step {
    @Override
    public JsonNode from(JsonNode node, Scope scope) {
      throw new IllegalStateException("a path walks on from each element itself");
    }
  }

  /** {@code [key=value]}: the first element whose key has that value, a text or a loop's. */
  record Where(String key, String value, Optional<FieldPath> path) implements Step {
    @Override
    public JsonNode from(JsonNode node, Scope scope) {
      String wanted = path.isPresent() ? path.get().in(scope).asText() : value;
      for (JsonNode element : node) {
        if (element.hasNonNull(key) && element.get(key).asText().equals(wanted)) {
          return element;
        }
      }
      return MissingNode.getInstance();
    }
  }

  /** The path that {@code text} writes, or empty if it writes none. */
  static Optional<FieldPath> parse(String text) {
    Matcher start = START.matcher(text);
    boolean named = start.lookingAt();
    int at = named ? start.end() : 0;
    boolean key = named && start.group(2) != null;
    List<Step> steps = new ArrayList<>();
    Matcher step = STEP.matcher(text);
    while (at < text.length()) {
      // The dot stands between keys: not before the first, not forgotten later.
      boolean dot = text.charAt(at) == '.';
      boolean first = at == 0;
      if (!step.region(at, text.length()).lookingAt() || (dot == first && step.group(1) != null)) {
        return Optional.empty();
      }
      Optional<Step> next = step(step);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      steps.add(next.get());
      at = step.end();
    }
    boolean whole = key ? steps.isEmpty() : named || !steps.isEmpty();
    Optional<String> name = named ? Optional.of(start.group(1)) : Optional.empty();
    return whole
        ? Optional.of(new FieldPath(text, name, key, List.copyOf(steps)))
        : Optional.empty();
  }

  private static Optional<Step> step(Matcher match) {
    if (match.group(1) != null) {
      return Optional.of(new Key(match.group(1).strip()));
    }
    if (match.group(2) != null) {
      return Optional.of(new Place(Integer.parseInt(match.group(2))));
    }
    if (match.group(3) != null) {
      return Optional.of(new Each());
    }
    if (match.group(4) != null) {
      return Optional.of(new AllButLast());
    }
    String value = match.group(6);
    Optional<FieldPath> path = value.startsWith("$") ? parse(value) : Optional.empty();
    return value.startsWith("$") && path.isEmpty()
        ? Optional.empty()
        : Optional.of(new Where(match.group(5), value, path));
  }

  /** What is there; a list after {@code [*]}; a missing node if there is nothing. */
  JsonNode in(Scope scope) {
    if (name.isEmpty()) {
      return walk(scope.row(), 0, scope);
    }
    Scope.Bound bound = scope.names().get(name.get());
    return key ? TextNode.valueOf(bound.key()) : walk(bound.node(), 0, scope);
  }

  private JsonNode walk(JsonNode node, int from, Scope scope) {
    if (from == steps.size()) {
      return node.isNull() ? MissingNode.getInstance() : node;
    }
    Step step = steps.get(from);
    if (!(step instanceof Each)) {
      return walk(step.from(node, scope), from + 1, scope);
    }
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (JsonNode element : node) {
      JsonNode found = walk(element, from + 1, scope);
      if (found.isArray() && steps.subList(from + 1, steps.size()).contains(step)) {
        found.forEach(all::add);
      } else if (!found.isMissingNode()) {
        all.add(found);
      }
    }
    return all;
  }

  /** The names of all loops that it needs. */
  Set<String> names() {
    Set<String> names = new TreeSet<>();
    name.ifPresent(names::add);
    for (Step step : steps) {
      if (step instanceof Where where) {
        where.path().ifPresent(path -> names.addAll(path.names()));
      }
    }
    return names;
  }

  /** The last key of the way, by which a list of paths tells its entries apart. */
  String lastKey() {
    for (int i = steps.size() - 1; i >= 0; i--) {
      if (steps.get(i) instanceof Key step) {
        return step.key();
      }
    }
    return text;
  }

  static String type(JsonNode node) {
    return node.getNodeType().toString().toLowerCase(Locale.ROOT);
  }
}
