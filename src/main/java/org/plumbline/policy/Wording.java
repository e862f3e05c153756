package org.plumbline.policy;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How varied completions are: what a policy loses first when it repeats whatever its reward likes.
 */
final class Wording {
  /** The length of what counts as repeated within one completion. */
  private static final int REPEATED = 4;

  private Wording() {}

  /**
   * The share of bigrams that are the only or the first of their kind in all completions (Li et al.
   * 2016, arXiv:1510.03055); it falls with the number of tokens, so only iterations of one size
   * compare.
   *
   * @return between 0 and 1; 1 where no completion has two tokens
   */
  static double distinct(List<int[]> completions) {
    Set<IntBuffer> distinct = new HashSet<>();
    int count = 0;
    for (int[] completion : completions) {
      List<IntBuffer> bigrams = grams(completion, 2);
      distinct.addAll(bigrams);
      count += bigrams.size();
    }
    return count == 0 ? 1 : (double) distinct.size() / count;
  }

  /**
   * The share of a completion's runs of four tokens that it has had before (Welleck et al. 2019,
   * arXiv:1908.04319), the mean over completions.
   *
   * @return between 0 and 1; completions below four tokens repeat nothing
   */
  static double repetition(List<int[]> completions) {
    return completions.stream().mapToDouble(Wording::repetition).average().orElseThrow();
  }

  private static double repetition(int[] completion) {
    List<IntBuffer> grams = grams(completion, REPEATED);
    return grams.isEmpty() ? 0 : 1 - (double) new HashSet<>(grams).size() / grams.size();
  }

  private static List<IntBuffer> grams(int[] completion, int length) {
    return IntStream.rangeClosed(0, completion.length - length)
        .mapToObj(from -> IntBuffer.wrap(Arrays.copyOfRange(completion, from, from + length)))
        .toList();
  }
}
