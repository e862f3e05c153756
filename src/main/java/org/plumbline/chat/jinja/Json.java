package org.plumbline.chat.jinja;

import java.util.List;
import java.util.Map;

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
    BoundedText text = new BoundedText();
    new Json(separator, Text.of(separators.get(1)), indent).write(value, 0, text);
    return text.toString();
  }

  private void write(Object value, int level, BoundedText to) {
    if (value instanceof Map<?, ?> map) {
      to.add("{");
      String between = "";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        to.add(between);
        line(level + 1, to);
        to.add(quote(Text.of(entry.getKey())) + colon);
        write(entry.getValue(), level + 1, to);
        between = separator;
      }
      end(map.isEmpty(), "}", level, to);
    } else if (value instanceof List<?> list) {
      to.add("[");
      String between = "";
      for (Object entry : list) {
        to.add(between);
        line(level + 1, to);
        write(entry, level + 1, to);
        between = separator;
      }
      end(list.isEmpty(), "]", level, to);
    } else if (value instanceof String text) {
      to.add(quote(text));
    } else if (value == null || value instanceof Boolean || value instanceof Number) {
      to.add(String.valueOf(value));
    } else {
      throw new JinjaException("JSON cannot hold what is undefined, or a function");
    }
  }

  private void end(boolean empty, String bracket, int level, BoundedText to) {
    if (!empty) {
      line(level, to);
    }
    to.add(bracket);
  }

  private void line(int level, BoundedText to) {
    if (indent != null) {
      to.add("\n");
      to.indent(Math.min(indent, Scope.MOST_TEXT + 1) * level);
    }
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
