package org.plumbline.config;

import java.util.List;
import java.util.Optional;

/**
 * One setting as somebody wrote it.
 *
 * @param key full key, such as {@code ppo.clip-range}
 * @param text the scalar as it was written, before any type is known
 * @param where file and line, or the option, that it came from
 * @param elements of a list; nothing for a scalar
 */
record SettingEntry(String key, String text, String where, Optional<List<Element>> elements) {
  /**
   * One of a list.
   *
   * @param text a word, or a section as JSON
   * @param where a section is; nothing for a word
   */
  record Element(String text, Optional<String> where) {}

  SettingEntry(String key, String text, String where) {
    this(key, text, where, Optional.empty());
  }

  String invalid(String mustBe) {
    String shown = text.isBlank() ? "'" + text + "'" : text;
    return "Invalid %s: %s (must be %s) at %s".formatted(key, shown, mustBe, where);
  }
}
