package org.plumbline.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Methods of strings and maps; those that would change a map are left out. */
final class Methods {
  private Methods() {}

  /** The method of {@code value} called {@code name}; null if it has none. */
  static Callable of(Object value, String name) {
    Callable method =
        value instanceof String text
            ? ofText(text, name)
            : value instanceof Map<?, ?> map ? ofMap(map, name) : null;
    return method == null ? null : (arguments, named) -> inOrder(name, method, arguments, named);
  }

  private static Object inOrder(
      String name, Callable method, List<Object> arguments, Map<String, Object> named) {
    if (!named.isEmpty()) {
      throw new JinjaException("%s takes no arguments by name here".formatted(name));
    }
    return method.call(arguments, named);
  }

  private static Callable ofMap(Map<?, ?> map, String name) {
    return switch (name) {
      case "items" -> (arguments, named) -> items(map);
      case "keys" -> (arguments, named) -> Values.list(map);
      case "values" -> (arguments, named) -> new ArrayList<>(map.values());
      case "get" ->
          (arguments, named) ->
              map.containsKey(arguments.get(0))
                  ? map.get(arguments.get(0))
                  : arguments.size() > 1 ? arguments.get(1) : null;
      default -> null;
    };
  }

  /** Pairs of key and value. */
  static List<Object> items(Map<?, ?> map) {
    List<Object> items = new ArrayList<>();
    map.forEach(
        (key, value) -> {
          List<Object> item = new ArrayList<>();
          item.add(key);
          item.add(value);
          items.add(item);
        });
    return items;
  }

  private static Callable ofText(String text, String name) {
    return switch (name) {
      case "strip" -> (args, named) -> Text.strip(text, string(args, 0), true, true);
      case "lstrip" -> (args, named) -> Text.strip(text, string(args, 0), true, false);
      case "rstrip" -> (args, named) -> Text.strip(text, string(args, 0), false, true);
      case "split" -> (args, named) -> split(text, string(args, 0), count(args, 1));
      case "startswith" ->
          (args, named) -> options(args).stream().anyMatch(o -> text.startsWith(Text.of(o)));
      case "endswith" ->
          (args, named) -> options(args).stream().anyMatch(o -> text.endsWith(Text.of(o)));
      case "replace" ->
          (args, named) -> replace(text, string(args, 0), string(args, 1), count(args, 2));
      case "upper" -> (args, named) -> text.toUpperCase(Locale.ROOT);
      case "lower" -> (args, named) -> text.toLowerCase(Locale.ROOT);
      case "title" -> (args, named) -> title(text);
      case "capitalize" -> (args, named) -> capitalize(text);
      case "join" ->
          (args, named) ->
              String.join(text, Values.list(args.get(0)).stream().map(Text::of).toList());
      default -> null;
    };
  }

  static String capitalize(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT)
            + text.substring(1).toLowerCase(Locale.ROOT);
  }

  /** Every run of letters with a capital first. */
  static String title(String text) {
    StringBuilder title = new StringBuilder();
    boolean within = false;
    for (char c : text.toCharArray()) {
      title.append(within ? Character.toLowerCase(c) : Character.toUpperCase(c));
      within = Character.isLetter(c);
    }
    return title.toString();
  }

  /** At most {@code count} times, or always if that is negative. */
  static String replace(String text, String old, String replacement, long count) {
    long room = Scope.MOST_TEXT / Math.max(1, replacement.length());
    StringBuilder result = new StringBuilder();
    int at = 0;
    int next = text.indexOf(old);
    for (long done = 0; next >= 0 && done != count && !old.isEmpty(); done++) {
      if (done > room) {
        throw new JinjaException("a text became too long");
      }
      result.append(text, at, next).append(replacement);
      at = next + old.length();
      next = text.indexOf(old, at);
    }
    return result.append(text.substring(at)).toString();
  }

  /** At {@code separator}; at any space where that is null. At most {@code count} times. */
  private static List<Object> split(String text, String separator, long count) {
    if (separator == null) {
      return words(text, count);
    }
    if (separator.isEmpty()) {
      throw new JinjaException("empty separator");
    }
    List<Object> parts = new ArrayList<>();
    int at = 0;
    for (int next; parts.size() != count && (next = text.indexOf(separator, at)) >= 0; ) {
      parts.add(text.substring(at, next));
      at = next + separator.length();
    }
    parts.add(text.substring(at));
    return parts;
  }

  private static List<Object> words(String text, long count) {
    List<Object> words = new ArrayList<>();
    String rest = Text.strip(text, null, true, false);
    while (!rest.isEmpty() && words.size() != count) {
      int end = 0;
      while (end < rest.length() && !Text.isSpace(rest.charAt(end))) {
        end++;
      }
      words.add(rest.substring(0, end));
      rest = Text.strip(rest.substring(end), null, true, false);
    }
    if (!rest.isEmpty()) {
      words.add(rest);
    }
    return words;
  }

  private static List<?> options(List<Object> arguments) {
    return arguments.get(0) instanceof List<?> list ? list : List.of(arguments.get(0));
  }

  private static String string(List<Object> arguments, int index) {
    return arguments.size() > index && arguments.get(index) != null
        ? Text.of(arguments.get(index))
        : null;
  }

  private static long count(List<Object> arguments, int index) {
    return arguments.size() > index ? (Long) arguments.get(index) : -1;
  }
}
