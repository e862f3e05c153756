package org.plumbline.quickstart;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes every byte as one visible character, as GPT-2's tokenizer does (Radford et al. 2019):
 * printable Latin-1 bytes are themselves, the others follow from U+0100 on.
 */
final class ByteAlphabet {
  private static final int BYTES = 256;
  private static final char[] SYMBOLS = symbols();

  private ByteAlphabet() {}

  private static char[] symbols() {
    char[] symbols = new char[BYTES];
    char next = 256;
    for (char b = 0; b < BYTES; b++) {
      boolean visible = (b >= '!' && b <= '~') || (b >= '\u00a1' && b != '\u00ad');
      symbols[b] = visible ? b : next++;
    }
    return symbols;
  }

  /** All symbols, in the order of the characters that stand for them. */
  static List<String> all() {
    List<String> all = new ArrayList<>();
    for (char symbol : SYMBOLS) {
      all.add(String.valueOf(symbol));
    }
    all.sort(null);
    return all;
  }

  /** The symbols of {@code text}'s UTF-8 bytes. */
  static List<String> of(String text) {
    List<String> symbols = new ArrayList<>();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      symbols.add(String.valueOf(SYMBOLS[b & 0xff]));
    }
    return symbols;
  }
}
