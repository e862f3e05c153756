package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Learns byte-pair merges (Sennrich, Haddow, Birch 2016, arXiv:1508.07909, algorithm 1) over words
 * as GPT-2 cuts them. Of pairs that are equally frequent the alphabetically first is merged.
 */
final class BytePairTrainer {
  private static final Pattern WORD =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");

  private final Map<String, Long> counts = new HashMap<>();

  /** Two neighbours that become one. */
  record Merge(String left, String right) implements Comparable<Merge> {
    String merged() {
      return left + right;
    }

    @Override
    public int compareTo(Merge other) {
      int byLeft = left.compareTo(other.left);
      return byLeft == 0 ? right.compareTo(other.right) : byLeft;
    }
  }

  private record Word(List<String> symbols, long count) {}

  /** Counts the words of {@code text}. */
  void add(String text) {
    WORD.matcher(text).results().forEach(word -> counts.merge(word.group(), 1L, Long::sum));
  }

  /** At most {@code most} merges, the first to be applied first; fewer if every word is whole. */
  List<Merge> merges(int most) {
    List<Word> words = new ArrayList<>();
    counts.forEach((text, count) -> words.add(new Word(ByteAlphabet.of(text), count)));
    List<Merge> merges = new ArrayList<>();
    while (merges.size() < most) {
      Map<Merge, Long> pairs = pairs(words);
      if (pairs.isEmpty()) {
        break;
      }
      Merge merge = mostFrequent(pairs);
      merges.add(merge);
      words.replaceAll(word -> new Word(apply(merge, word.symbols()), word.count()));
    }
    return merges;
  }

  private static Map<Merge, Long> pairs(List<Word> words) {
    Map<Merge, Long> pairs = new HashMap<>();
    for (Word word : words) {
      for (int i = 1; i < word.symbols().size(); i++) {
        Merge pair = new Merge(word.symbols().get(i - 1), word.symbols().get(i));
        pairs.merge(pair, word.count(), Long::sum);
      }
    }
    return pairs;
  }

  private static Merge mostFrequent(Map<Merge, Long> pairs) {
    return pairs.entrySet().stream()
        .max(
            Map.Entry.<Merge, Long>comparingByValue()
                .thenComparing((a, b) -> b.getKey().compareTo(a.getKey())))
        .orElseThrow()
        .getKey();
  }

  private static List<String> apply(Merge merge, List<String> symbols) {
    if (!symbols.contains(merge.left())) {
      return symbols;
    }
    List<String> merged = new ArrayList<>();
    for (int i = 0; i < symbols.size(); i++) {
      boolean here =
          i + 1 < symbols.size()
              && symbols.get(i).equals(merge.left())
              && symbols.get(i + 1).equals(merge.right());
      merged.add(here ? merge.merged() : symbols.get(i));
      i += here ? 1 : 0;
    }
    return merged;
  }
}
