package org.plumbline.model;

import java.util.List;

/**
 * Text up to the first of several strings, piece by piece, wherever the pieces part. What could be
 * the beginning of such a string is held back until it is known not to be.
 */
public final class StopStrings {
  private final List<String> strings;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  /**
   * Text that has not begun.
   *
   * @throws IllegalArgumentException if one of {@code strings} is empty
   */
  public StopStrings(List<String> strings) {
    if (strings.contains("")) {
      throw new IllegalArgumentException("Invalid stop: '' (must not be empty)");
    }
    this.strings = List.copyOf(strings);
  }

  /** What is certain to come before any of the strings, now that {@code piece} is there. */
  public String push(String piece) {
    if (found) {
      return "";
    }
    held.append(piece);
    int first = first();
    found = first >= 0;
    return take(found ? first : held.length() - begun());
  }

  /** Whether one of the strings was there; no more text follows. */
  public boolean found() {
    return found;
  }

  /** What is still held back, now that no more pieces follow. */
  public String rest() {
    return found ? "" : take(held.length());
  }

  private String take(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  /** Where the earliest of the strings starts, or -1. */
  private int first() {
    return strings.stream().mapToInt(held::indexOf).filter(at -> at >= 0).min().orElse(-1);
  }

  /** The length of the longest end of the text that one of the strings starts with. */
  private int begun() {
    for (int from = 0; from < held.length(); from++) {
      String end = held.substring(from);
      if (strings.stream().anyMatch(string -> string.startsWith(end))) {
        return end.length();
      }
    }
    return 0;
  }
}
