package org.plumbline.curate.hygiene;

import java.lang.Character.UnicodeScript;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * The words of a text: runs of letters, marks and digits, in small letters and compatible form
 * (NFKC). Scripts that are written without spaces have a word a character.
 */
final class Words {
  private Words() {}

  static List<String> of(String text) {
    String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    plain.codePoints().forEach(point -> add(point, word, words));
    flush(word, words);
    return words;
  }

  private static void add(int point, StringBuilder word, List<String> words) {
    if (standsAlone(point)) {
      flush(word, words);
      words.add(Character.toString(point));
    } else if (isPartOfWord(point)) {
      word.appendCodePoint(point);
    } else {
      flush(word, words);
    }
  }

  private static void flush(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private static boolean isPartOfWord(int point) {
    return Character.isLetterOrDigit(point)
        || Character.getType(point) == Character.NON_SPACING_MARK
        || Character.getType(point) == Character.COMBINING_SPACING_MARK;
  }

  private static boolean standsAlone(int point) {
    if (point < 0x0E00 || !Character.isLetter(point)) {
      return false;
    }
    return switch (UnicodeScript.of(point)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }

  /** Hashes of every {@code length} words in a row; of all words, if there are fewer. */
  static long[] runs(List<String> words, int length) {
    int runs = Math.max(words.isEmpty() ? 0 : 1, words.size() - length + 1);
    long[] hashes = new long[runs];
    for (int i = 0; i < runs; i++) {
      hashes[i] = hash(words.subList(i, Math.min(i + length, words.size())));
    }
    return hashes;
  }

  private static long hash(List<String> words) {
    return MurmurHash3.hash128x64(String.join(" ", words).getBytes(StandardCharsets.UTF_8))[0];
  }
}
