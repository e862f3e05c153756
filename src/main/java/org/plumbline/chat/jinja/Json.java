package org.plumbline.chat.jinja;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON as Python's json module writes it, with everything beyond ASCII left as it is. */
record Json(String separator, String colon, Long indent) {

  /**
   * A value, by the arguments of the filter {@code tojson}: {@code indent}, the spaces per level
   * with every entry on its own line, and {@code separators}, what stands behind entries and keys.
   */
  static String of(Object value, Map<String, Object> arguments) {
    Long indent = (Long) arguments.get("indent");
    if (Values.truth(arguments.get("ensure_ascii"))) {
      throw new JinjaException("tojson writes what is beyond ASCII as it is");
    }
    List<?> separators =
        arguments.get("separators") instanceof List<?> list
            ? list
            : List.of(indent == null ? ", " : ",", ": ");
    String separator = Text.of(separators.get(0));
    return new Json(separator, Text.of(separators.get(1)), indent).of(value, 0);
  }

  private String of(Object value, int level) {
    if (value instanceof Map<?, ?> map) {
      return block(
          map.entrySet().stream()
              .map(e -> quote(Text.of(e.getKey())) + colon + of(e.getValue(), level + 1))
              .toList(),
          "{}",
          level);
    } else if (value instanceof List<?> list) {
      return block(list.stream().map(v -> of(v, level + 1)).toList(), "[]", level);
    } else if (value instanceof String text) {
      return quote(text);
    } else if (value == null || value instanceof Boolean || value instanceof Number) {
      return String.valueOf(value);
    }
    throw new JinjaException("JSON cannot hold what is undefined, or a function");
  }

  private String block(List<String> entries, String brackets, int level) {
    if (indent == null || entries.isEmpty()) {
      return brackets.charAt(0) + String.join(separator, entries) + brackets.charAt(1);
    }
    String margin = "\n" + " ".repeat(Math.toIntExact(indent) * level);
    String inner = margin + " ".repeat(Math.toIntExact(indent));
    return brackets.charAt(0)
        + entries.stream().map(entry -> inner + entry).collect(Collectors.joining(separator))
        + margin
        + brackets.charAt(1);
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      int known = "\"\\\n\r\t\b\f".indexOf(c);
      if (known >= 0) {
        quoted.append('\\').append("\"\\nrtbf".charAt(known));
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
