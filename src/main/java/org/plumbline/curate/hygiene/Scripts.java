package org.plumbline.curate.hygiene;

import java.lang.Character.UnicodeScript;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a text is written in. */
final class Scripts {
  /** Fewer letters are a name or a formula, not a language. */
  private static final int LETTERS = 20;

  private Scripts() {}

  /** The script of more than half of a text's letters; none if there are few letters. */
  static Optional<String> of(String text) {
    Map<String, Integer> counts = new TreeMap<>();
    text.codePoints()
        .filter(Character::isLetter)
        .forEach(point -> counts.merge(script(point), 1, Integer::sum));
    int letters = counts.values().stream().mapToInt(Integer::intValue).sum();
    return counts.entrySet().stream()
        .filter(entry -> letters >= LETTERS && 2 * entry.getValue() > letters)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static String script(int point) {
    if (point < 128) {
      return "latin";
    }
    // Japanese mixes three scripts, one of them that of Chinese.
    return switch (UnicodeScript.of(point)) {
      case HAN, HIRAGANA, KATAKANA, BOPOMOFO -> "han";
      default -> UnicodeScript.of(point).name().toLowerCase(java.util.Locale.ROOT);
    };
  }
}
