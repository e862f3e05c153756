package org.plumbline.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The filters and tests that chat templates use. */
final class Filters {
  /** The filters that take arguments, with the names that those may have. */
  private static final Map<String, Set<String>> WITH_ARGUMENTS =
      Map.of(
          "trim", Set.of(),
          "join", Set.of(),
          "replace", Set.of(),
          "default", Set.of("default_value", "boolean"),
          "d", Set.of("default_value", "boolean"),
          "map", Set.of("attribute"),
          "tojson", Set.of("indent", "separators", "ensure_ascii"));

  private static final Set<String> CHOOSING =
      Set.of("select", "reject", "selectattr", "rejectattr");

  private Filters() {}

  /** {@code value | name(arguments)}. */
  static Object apply(
      String name, Object value, List<Object> arguments, Map<String, Object> named) {
    boolean bare = !WITH_ARGUMENTS.containsKey(name) && !CHOOSING.contains(name);
    if (bare && !arguments.isEmpty()
        || !WITH_ARGUMENTS.getOrDefault(name, Set.of()).containsAll(named.keySet())
        || name.equals("replace") && arguments.size() != 2) {
      throw new JinjaException("there is no filter %s with these arguments".formatted(name));
    }
    return switch (name) {
      case "trim" -> Text.strip(Text.of(value), text(arguments, 0, null), true, true);
      case "length", "count" -> (long) Values.size(value);
      case "string", "safe" -> Text.of(value);
      case "list" -> Values.list(value);
      case "items" -> value instanceof Map<?, ?> map ? Methods.items(map) : List.of();
      case "tojson" -> Json.of(value, named);
      case "default", "d" -> orDefault(value, arguments, named);
      case "join" -> join(value, text(arguments, 0, ""));
      case "first" -> Values.list(value).isEmpty() ? none(name) : Values.list(value).get(0);
      case "last" ->
          Values.list(value).isEmpty() ? none(name) : Values.item(Values.list(value), -1L);
      case "reverse" -> Values.slice(value, null, null, -1L);
      case "upper" -> Text.of(value).toUpperCase(Locale.ROOT);
      case "lower" -> Text.of(value).toLowerCase(Locale.ROOT);
      case "capitalize" -> Methods.capitalize(Text.of(value));
      case "title" -> Methods.title(Text.of(value));
      case "replace" ->
          Methods.replace(Text.of(value), text(arguments, 0, ""), text(arguments, 1, ""), -1);
      case "int" -> integer(value);
      case "map" -> map(value, arguments, named);
      case "select" -> choose(value, arguments, true, false);
      case "reject" -> choose(value, arguments, false, false);
      case "selectattr" -> choose(value, arguments, true, true);
      case "rejectattr" -> choose(value, arguments, false, true);
      default -> throw new JinjaException("there is no filter " + name);
    };
  }

  /** {@code value is name(arguments)}. */
  static boolean test(String name, Object value, List<Object> arguments) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == null;
      case "true" -> Boolean.TRUE.equals(value);
      case "false" -> Boolean.FALSE.equals(value);
      case "boolean" -> value instanceof Boolean;
      case "string" -> value instanceof String;
      case "mapping" -> value instanceof Map;
      case "number" -> value instanceof Number;
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "callable" -> value instanceof Callable;
      case "iterable", "sequence" ->
          value instanceof String
              || value instanceof List
              || value instanceof Map
              || name.equals("iterable") && value instanceof Undefined;
      case "odd" -> Math.floorMod((Long) value, 2) == 1;
      case "even" -> Math.floorMod((Long) value, 2) == 0;
      case "divisibleby" -> Math.floorMod((Long) value, (Long) arguments.get(0)) == 0;
      case "equalto", "eq", "==", "sameas" -> Values.equal(value, arguments.get(0));
      case "ne", "!=" -> !Values.equal(value, arguments.get(0));
      case "in" -> Values.contains(arguments.get(0), value);
      default -> throw new JinjaException("there is no test " + name);
    };
  }

  private static Undefined none(String filter) {
    return new Undefined("the " + filter + " of nothing");
  }

  private static String text(List<Object> arguments, int index, String absent) {
    return arguments.size() > index ? Text.of(arguments.get(index)) : absent;
  }

  private static Object orDefault(Object value, List<Object> arguments, Map<String, Object> named) {
    Object other = arguments.isEmpty() ? named.getOrDefault("default_value", "") : arguments.get(0);
    Object alsoFalse = arguments.size() > 1 ? arguments.get(1) : named.get("boolean");
    boolean absent = value instanceof Undefined || Values.truth(alsoFalse) && !Values.truth(value);
    return absent ? other : value;
  }

  private static String join(Object value, String separator) {
    long length = 0;
    List<Object> parts = Values.list(value);
    for (Object part : parts) {
      length += separator.length() + Text.of(part).length();
      if (length > Scope.MOST_TEXT) {
        throw new JinjaException("a text became too long");
      }
    }
    return parts.stream().map(Text::of).collect(Collectors.joining(separator));
  }

  private static Object integer(Object value) {
    try {
      return value instanceof Number number
          ? number.longValue()
          : Long.parseLong(Text.strip(Text.of(value), null, true, true));
    } catch (NumberFormatException e) {
      return 0L;
    }
  }

  private static List<Object> map(Object value, List<Object> arguments, Map<String, Object> named) {
    List<Object> mapped = new ArrayList<>();
    for (Object element : Values.list(value)) {
      mapped.add(
          named.containsKey("attribute")
              ? part(element, Text.of(named.get("attribute")))
              : apply(Text.of(arguments.get(0)), element, rest(arguments, 1), named));
    }
    return mapped;
  }

  /** Those elements, or the elements with those parts, that pass a test. */
  private static List<Object> choose(
      Object value, List<Object> arguments, boolean keep, boolean byPart) {
    int test = byPart ? 1 : 0;
    Predicate<Object> passes =
        arguments.size() > test
            ? v -> test(Text.of(arguments.get(test)), v, rest(arguments, test + 1))
            : Values::truth;
    List<Object> chosen = new ArrayList<>();
    for (Object element : Values.list(value)) {
      Object tested = byPart ? part(element, Text.of(arguments.get(0))) : element;
      if (passes.test(tested) == keep) {
        chosen.add(element);
      }
    }
    return chosen;
  }

  /** What {@code a.b} means, read from outside in. */
  private static Object part(Object element, String path) {
    Object part = element;
    for (String name : path.split("\\.", -1)) {
      part = Values.item(part, name);
    }
    return part;
  }

  private static List<Object> rest(List<Object> arguments, int from) {
    return arguments.size() > from
        ? arguments.subList(from, arguments.size())
        : Collections.emptyList();
  }
}
