package org.plumbline.model;

import java.util.Arrays;

/**
 * Text of a completion while it is being generated: takes ids one at a time and gives the text that
 * has become certain, so that what is printed adds up to {@link Tokenizer#decode} of all the ids.
 * Holds a character back until the last of its bytes is there; an end that never becomes a
 * character comes out as U+FFFD.
 *
 * <p>Not every id has a text of its own (a space before it may depend on the id before, and a
 * character may be spread over several), so what is decoded each time is a window that starts with
 * the ids printed last.
 */
public final class TextStream {
  private static final char REPLACEMENT = '\uFFFD';

  /** UTF-8 has no character of more bytes, and no token has less than one. */
  private static final int LONGEST_CHARACTER = 4;

  private final Tokenizer tokenizer;
  private int[] window;

  /** How many ids at the start of the window are printed to their end. */
  private int printedIds;

  /** How many characters of the window's text are printed. */
  private int printed;

  /** How many ids came since anything was printed, not counting those without text. */
  private int held;

  /** The text of a completion by itself, as {@link Tokenizer#decode} gives it. */
  public TextStream(Tokenizer tokenizer) {
    this(tokenizer, new int[0]);
  }

  /** The text of a completion as it follows {@code prompt}, which is not printed again. */
  public TextStream(Tokenizer tokenizer, int[] prompt) {
    this.tokenizer = tokenizer;
    this.window = prompt.clone();
    this.printedIds = prompt.length;
    this.printed = tokenizer.decode(prompt).length();
  }

  /** The text that {@code id} makes certain; empty where that takes more ids. */
  public String push(int id) {
    int before = tokenizer.decode(window).length();
    window = Arrays.copyOf(window, window.length + 1);
    window[window.length - 1] = id;
    String text = tokenizer.decode(window);
    held += text.length() == before ? 0 : 1;
    int certain = held < LONGEST_CHARACTER ? withoutOpenEnd(text) : text.length();
    return certain > printed ? print(text, certain) : "";
  }

  /** What is still held back, now that no more ids follow. */
  public String rest() {
    String text = tokenizer.decode(window);
    return text.length() > printed ? print(text, text.length()) : "";
  }

  private String print(String text, int end) {
    String piece = text.substring(printed, end);
    printed = end;
    held = 0;
    if (end == text.length()) {
      window = Arrays.copyOfRange(window, printedIds, window.length);
      printedIds = window.length;
      printed = tokenizer.decode(window).length();
    }
    return piece;
  }

  private static int withoutOpenEnd(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == REPLACEMENT) {
      end--;
    }
    return end;
  }
}
