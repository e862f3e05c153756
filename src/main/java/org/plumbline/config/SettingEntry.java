package org.plumbline.config;

/**
 * One setting as somebody wrote it.
 *
 * @param key full key, such as {@code ppo.clip-range}
 * @param text the scalar as it was written, before any type is known
 * @param where file and line, or the option, that it came from
 */
record SettingEntry(String key, String text, String where) {

  String invalid(String mustBe) {
    String shown = text.isBlank() ? "'" + text + "'" : text;
    return "Invalid %s: %s (must be %s) at %s".formatted(key, shown, mustBe, where);
  }
}
