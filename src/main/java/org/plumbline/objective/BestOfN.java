package org.plumbline.objective;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summarizingDouble;

import java.io.Serializable;
import java.util.DoubleSummaryStatistics;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The policy that draws n completions and keeps the one with the best score.
 *
 * @param n completions to choose from
 */
public record BestOfN(int n) implements Serializable {
  /**
   * Takes n.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public BestOfN {
    Require.atLeast("n", n, 1);
  }

  /**
   * {@code log n - (n - 1) / n}: KL to the policy that draws, in nats, where no two scores are the
   * same (Stiennon et al. 2020, arXiv:2009.01325, appendix G.3).
   */
  public double kl() {
    return Math.log(n) - (n - 1.0) / n;
  }

  /**
   * What is expected of the completion with the best proxy score, by another measure: an unbiased
   * estimate from all ways to choose n of N completions of a prompt (Nakano et al. 2021,
   * arXiv:2112.09332, appendix I).
   *
   * <p>{@code sum over i of C(i - 1, n - 1) / C(N, n) gold_i}, i counting completions from the
   * least proxy score to the best. Completions with one proxy score are as likely to be chosen.
   *
   * @param proxy what chooses, N numbers
   * @param gold what is measured, N numbers
   * @throws IllegalArgumentException if N is below n, or lengths differ
   */
  public double expected(double[] proxy, double[] gold) {
    Require.sameLength("gold", gold, proxy);
    Require.atLeast("completions to choose from", proxy.length, n);
    SortedMap<Double, DoubleSummaryStatistics> byProxy =
        IntStream.range(0, proxy.length)
            .boxed()
            .collect(groupingBy(i -> proxy[i], TreeMap::new, summarizingDouble(i -> gold[i])));
    double expected = 0;
    double lower = 0;
    long count = 0;
    for (DoubleSummaryStatistics same : byProxy.values()) {
      count += same.getCount();
      double notBetter = allAmong(count, proxy.length);
      expected += (notBetter - lower) * same.getAverage();
      lower = notBetter;
    }
    return expected;
  }

  /**
   * {@code C(count, n) / C(all, n)}: how likely all n are among {@code count} of the completions.
   */
  private double allAmong(long count, long all) {
    double chance = 1;
    for (int drawn = 0; drawn < n; drawn++) {
      chance *= Math.max(0, (double) (count - drawn) / (all - drawn));
    }
    return chance;
  }
}
