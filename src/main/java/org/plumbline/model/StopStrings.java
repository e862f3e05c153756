package org.plumbline.model;

import java.util.List;

/**
 * Lets the text of a completion through until one of some strings comes, which is left out with all
 * that follows. Text that may turn out to be the beginning of one is held back.
 */
public final class StopStrings {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  /**
   * Watches for {@code stops}.
   *
   * @throws IllegalArgumentException if one is empty
   */
  public StopStrings(List<String> stops) {
    if (stops.contains("")) {
      throw new IllegalArgumentException("Invalid stop: empty (must be some text)");
    }
    this.stops = List.copyOf(stops);
  }

  /** The text that {@code text} makes certain to belong to the completion. */
  public String push(String text) {
    if (found) {
      return "";
    }
    held.append(text);
    int begin = held.length();
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0) {
        found = true;
        begin = Math.min(begin, at);
      }
    }
    return take(found ? begin : held.length() - openEnd());
  }

  /** How many characters at the end could begin a stop string. */
  private int openEnd() {
    int longest = 0;
    for (String stop : stops) {
      for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
        if (stop.startsWith(held.substring(held.length() - length))) {
          longest = length;
        }
      }
    }
    return longest;
  }

  private String take(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  /** Whether a stop string has come. */
  public boolean found() {
    return found;
  }

  /** What is still held back, now that no more text follows. */
  public String rest() {
    return found ? "" : take(held.length());
  }
}
