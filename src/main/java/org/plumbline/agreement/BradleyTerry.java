package org.plumbline.agreement;

import java.util.Arrays;

/**
 * Abilities of players from who beat whom how often: i beats j with probability s(a_i - a_j)
 * (Bradley and Terry, "Rank analysis of incomplete block designs", Biometrika 39, 1952), by maximum
 * likelihood, with the steps of Hunter, "MM algorithms for generalized Bradley-Terry models"
 * (Annals of Statistics 32, 2004), eq. 3.
 */
public final class BradleyTerry {
  private static final int ROUNDS = 100_000;
  private static final double SETTLED = 1e-13;

  private BradleyTerry() {}

  /**
   * Abilities in nats, relative to the last player.
   *
   * @param wins shape [N, N]: how often the row's player beat the column's
   * @throws IllegalArgumentException if some players never lost to the others, or never won: their
   *     abilities have no bound
   */
  public static double[] fit(double[][] wins) {
    requireConnected(wins);
    int n = wins.length;
    double[] strengths = new double[n];
    Arrays.fill(strengths, 1.0 / n);
    for (int round = 0; round < ROUNDS; round++) {
      double[] next = step(wins, strengths);
      double change = 0;
      for (int i = 0; i < n; i++) {
        change = Math.max(change, Math.abs(Math.log(next[i] / strengths[i])));
      }
      strengths = next;
      if (change < SETTLED) {
        break;
      }
    }
    double last = strengths[n - 1];
    return Arrays.stream(strengths).map(strength -> Math.log(strength / last)).toArray();
  }

  private static double[] step(double[][] wins, double[] strengths) {
    int n = wins.length;
    double[] next = new double[n];
    for (int i = 0; i < n; i++) {
      double won = 0;
      double expected = 0;
      for (int j = 0; j < n; j++) {
        if (i != j) {
          won += wins[i][j];
          expected += (wins[i][j] + wins[j][i]) / (strengths[i] + strengths[j]);
        }
      }
      next[i] = won / expected;
    }
    double sum = Arrays.stream(next).sum();
    return Arrays.stream(next).map(strength -> strength / sum).toArray();
  }

  /** Whether from each player wins lead to every other (Hunter's assumption 1). */
  private static void requireConnected(double[][] wins) {
    for (boolean backwards : new boolean[] {false, true}) {
      boolean[] reached = new boolean[wins.length];
      reach(wins, 0, backwards, reached);
      for (int player = 0; player < wins.length; player++) {
        if (!reached[player]) {
          throw new IllegalArgumentException(
              "Cannot fit abilities: player %d and player 0 are not linked by wins both ways"
                  .formatted(player));
        }
      }
    }
  }

  private static void reach(double[][] wins, int from, boolean backwards, boolean[] reached) {
    reached[from] = true;
    for (int to = 0; to < wins.length; to++) {
      if (!reached[to] && (backwards ? wins[to][from] : wins[from][to]) > 0) {
        reach(wins, to, backwards, reached);
      }
    }
  }
}
