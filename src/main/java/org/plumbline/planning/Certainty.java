package org.plumbline.planning;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * How often the more probable side of a pair is the right one after n more judgments by people of a
 * {@link Pool} (Nitzan and Paroush, "Optimal decision rules in uncertain dichotomous choice
 * situations", International Economic Review 23, 1982: votes count by the logit of accuracy).
 *
 * <p>A judgment by somebody of accuracy a moves the log-odds of the right side by logit(a) with
 * probability a, else by -logit(a). The distribution of the sum S of n such steps is exact but for
 * the width of a cell. With prior log-odds x and p = s(x), the side that is more probable
 * afterwards is right with probability p P(S > -x) + (1 - p) P(S > x), where ties count half.
 */
final class Certainty {
  private static final int MOST = 99;

  private final Pool pool;

  /** Entry n is the distribution of S after n judgments; its middle is S = 0. */
  private final List<double[]> sums = new ArrayList<>(List.of(new double[] {1}));

  Certainty(Pool pool) {
    this.pool = pool;
  }

  /** After {@code judgments} more, from log-odds {@code prior} in nats. */
  double after(int judgments, double prior) {
    while (sums.size() <= judgments) {
      sums.add(another(sums.get(sums.size() - 1)));
    }
    double p = 1 / (1 + Math.exp(-prior));
    double[] sum = sums.get(judgments);
    return p * above(sum, -prior) + (1 - p) * above(sum, prior);
  }

  /**
   * How many more judgments it takes to be right with probability {@code target}; {@value #MOST} or
   * more are taken for {@value #MOST}.
   */
  int needed(double target, double prior) {
    int judgments = 0;
    while (judgments < MOST && after(judgments, prior) < target) {
      judgments++;
    }
    return judgments;
  }

  /** The same where votes are counted, of an odd number, from no prior: a binomial tail. */
  double majority(int judgments) {
    BinomialDistribution right = new BinomialDistribution(null, judgments, pool.meanAccuracy());
    double tie = judgments % 2 == 0 ? right.probability(judgments / 2) / 2 : 0;
    return 1 - right.cumulativeProbability(judgments / 2) + tie;
  }

  private double[] another(double[] sum) {
    int widest = pool.cells().keySet().stream().mapToInt(Math::abs).max().orElseThrow();
    double[] next = new double[sum.length + 2 * widest];
    pool.cells()
        .forEach(
            (cell, people) -> {
              for (int i = 0; i < sum.length; i++) {
                next[i + widest + cell] += sum[i] * people.right();
                next[i + widest - cell] += sum[i] * people.wrong();
              }
            });
    return next;
  }

  /** P(S > x), and half of P(S = x). */
  private static double above(double[] sum, double x) {
    double cells = x / Pool.CELL;
    double probability = 0;
    for (int i = 0; i < sum.length; i++) {
      double gap = i - sum.length / 2 - cells;
      probability += Math.abs(gap) < 0.5 ? sum[i] / 2 : gap > 0 ? sum[i] : 0;
    }
    return probability;
  }
}
