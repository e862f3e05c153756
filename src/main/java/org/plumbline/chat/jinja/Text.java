package org.plumbline.chat.jinja;

import java.util.List;
import java.util.Map;

/** Strings as Python has them: what counts as space, how they are quoted, how values read. */
final class Text {
  private Text() {}

  /** What Python strips when not told otherwise. */
  static boolean isSpace(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || character == 0x85;
  }

  static boolean isBlank(String text) {
    return text.chars().allMatch(Text::isSpace);
  }

  /**
   * Without the {@code characters} at its ends.
   *
   * @param characters to take away; null for all kinds of space
   */
  static String strip(String text, String characters, boolean left, boolean right) {
    int start = 0;
    int end = text.length();
    while (left && start < end && strips(text.charAt(start), characters)) {
      start++;
    }
    while (right && end > start && strips(text.charAt(end - 1), characters)) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean strips(char character, String characters) {
    return characters == null ? isSpace(character) : characters.indexOf(character) >= 0;
  }

  /** What a quoted string means. */
  static String unescape(String quoted) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < quoted.length() - 1; i++) {
      char c = quoted.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escaped = quoted.charAt(++i);
      int digits = escaped == 'x' ? 2 : escaped == 'u' ? 4 : escaped == 'U' ? 8 : 0;
      if (digits > 0) {
        text.appendCodePoint(Integer.parseInt(quoted, i + 1, i + 1 + digits, 16));
        i += digits;
      } else if (escaped != '\n') {
        int known = "ntr\\'\"bf0".indexOf(escaped);
        text.append(known < 0 ? "\\" + escaped : "\n\t\r\\'\"\b\f\0".charAt(known));
      }
    }
    return text.toString();
  }

  /** As Python prints a value. */
  static String of(Object value) {
    if (value instanceof String text) {
      return text;
    }
    BoundedText text = new BoundedText();
    if (!(value instanceof Undefined)) {
      repr(value, text);
    }
    return text.toString();
  }

  private static void repr(Object value, BoundedText to) {
    if (value instanceof String text) {
      to.add(quoted(text));
    } else if (value instanceof List<?> list) {
      to.add("[");
      String between = "";
      for (Object each : list) {
        to.add(between);
        repr(each, to);
        between = ", ";
      }
      to.add("]");
    } else if (value instanceof Map<?, ?> map) {
      to.add("{");
      String between = "";
      for (Map.Entry<?, ?> each : map.entrySet()) {
        to.add(between);
        repr(each.getKey(), to);
        to.add(": ");
        repr(each.getValue(), to);
        between = ", ";
      }
      to.add("}");
    } else {
      to.add(word(value));
    }
  }

  private static String word(Object value) {
    if (value == null) {
      return "None";
    } else if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    return value instanceof Undefined ? "Undefined" : String.valueOf(value);
  }

  private static String quoted(String text) {
    String quote = text.contains("'") && !text.contains("\"") ? "\"" : "'";
    return quote
        + text.replace("\\", "\\\\")
            .replace(quote, "\\" + quote)
            .replace("\n", "\\n")
            .replace("\r", "\\r")
            .replace("\t", "\\t")
        + quote;
  }
}
