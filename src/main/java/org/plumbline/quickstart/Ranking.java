package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.List;

/**
 * An order of responses.
 *
 * @param utilities what each is worth to the one who ranks
 * @param ranks 1 is best; equal ranks are ties, and the ranks that ties take up are left out
 */
record Ranking(double[] utilities, List<Integer> ranks) {
  private static final double INDISTINGUISHABLE = 0.02;
  private static final double SLIGHT = 0.25;
  private static final double CLEAR = 0.75;

  /** Sorts by utility; what is closer than anyone could tell is a tie. */
  static Ranking of(double[] utilities) {
    List<Integer> ranks = new ArrayList<>();
    for (double utility : utilities) {
      int better = 0;
      for (double other : utilities) {
        better += other > utility + INDISTINGUISHABLE ? 1 : 0;
      }
      ranks.add(better + 1);
    }
    return new Ranking(utilities, ranks);
  }

  /** The index of the most useful response. */
  int best() {
    int best = 0;
    for (int i = 1; i < utilities.length; i++) {
      best = utilities[i] > utilities[best] ? i : best;
    }
    return best;
  }

  /** How sure the better of two is better, above 0 and at most 1: slightly, clearly or far. */
  double strength() {
    double difference = Math.abs(utilities[0] - utilities[1]);
    return difference < SLIGHT ? 0.4 : difference < CLEAR ? 0.7 : 1;
  }

  /** Every pair whose order is certain. */
  void strictPairs(PairReader reader) {
    for (int i = 0; i < ranks.size(); i++) {
      for (int j = 0; j < ranks.size(); j++) {
        if (ranks.get(i) < ranks.get(j)) {
          reader.read(i, j);
        }
      }
    }
  }

  /** Takes the indices of a better and a worse response. */
  interface PairReader {
    void read(int better, int worse);
  }
}
