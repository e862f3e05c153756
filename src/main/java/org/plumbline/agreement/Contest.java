package org.plumbline.agreement;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/**
 * All comparisons among the players of one contest, such as the responses to one prompt, as numbers
 * only and in one order whatever order they came in.
 *
 * @param players how many there are
 * @param left for each comparison, one player, from 0
 * @param right the other one
 * @param workers who compared them, numbers of {@link Workers}
 * @param preferences from -1 (surely right) over 0 (a tie) to 1 (surely left)
 * @param truths which side is known to be better: 1 left, -1 right, 0 neither
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares contests.
public record Contest(
    int players, int[] left, int[] right, int[] workers, double[] preferences, int[] truths)
    implements Serializable {
  /** One comparison; {@code truth} is 1 if left is known to be better, -1 if right is, else 0. */
  public record Match(int left, int right, int worker, double preference, int truth) {
    /** A comparison of two of whom nothing is known. */
    public Match(int left, int right, int worker, double preference) {
      this(left, right, worker, preference, 0);
    }
  }

  private static final Comparator<Match> ORDER =
      Comparator.comparingInt(Match::left)
          .thenComparingInt(Match::right)
          .thenComparingInt(Match::worker)
          .thenComparingDouble(Match::preference)
          .thenComparingInt(Match::truth);

  /** A contest of {@code matches}. */
  public static Contest of(int players, List<Match> matches) {
    List<Match> sorted = matches.stream().sorted(ORDER).toList();
    return new Contest(
        players,
        sorted.stream().mapToInt(Match::left).toArray(),
        sorted.stream().mapToInt(Match::right).toArray(),
        sorted.stream().mapToInt(Match::worker).toArray(),
        sorted.stream().mapToDouble(Match::preference).toArray(),
        sorted.stream().mapToInt(Match::truth).toArray());
  }

  int size() {
    return left.length;
  }

  /** The player that comparison {@code i} prefers; of a tie, the left one. */
  int winner(int i) {
    return preferences[i] < 0 ? right[i] : left[i];
  }

  int loser(int i) {
    return preferences[i] < 0 ? left[i] : right[i];
  }

  /** Whether it is known which of the two of comparison {@code i} is better. */
  boolean known(int i) {
    return truths[i] != 0;
  }

  /** Whether comparison {@code i} prefers the one that is known to be better. */
  boolean right(int i) {
    return truths[i] * preferences[i] > 0;
  }

  double weight(int i) {
    return Math.abs(preferences[i]);
  }
}
