package org.plumbline.curate.bias;

import java.util.HashMap;
import java.util.Map;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * What votes say of one annotator's parameters at their present values.
 *
 * <p>Score and information are those of the likelihood with theta integrated out: the score is the
 * expected score given all votes on the pair (Fisher's identity), the information that of known
 * theta less what is lost by not knowing it (Louis, JRSS B 44, 1982). {@code clustered} is the sum
 * over prompts of score times score, the middle of the sandwich (Liang and Zeger, Biometrika 73,
 * 1986).
 *
 * @param score [d]
 * @param complete information if theta were known, [d, d]
 * @param lost what of it is lost, [d, d]
 * @param clustered [d, d]
 * @param prompts prompts with a vote
 * @param votes votes
 */
record Evidence(
    double[] score,
    RealMatrix complete,
    RealMatrix lost,
    RealMatrix clustered,
    double prompts,
    double votes) {

  static Evidence of(double[] sums, int d) {
    double[] score = new double[d];
    System.arraycopy(sums, 0, score, 0, d);
    int triangle = d * (d + 1) / 2;
    return new Evidence(
        score,
        matrix(sums, d, d),
        matrix(sums, d + triangle, d),
        matrix(sums, d + 2 * triangle, d),
        sums[d + 3 * triangle],
        sums[d + 3 * triangle + 1]);
  }

  private static RealMatrix matrix(double[] sums, int offset, int d) {
    RealMatrix matrix = new Array2DRowRealMatrix(d, d);
    int next = offset;
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        matrix.setEntry(i, j, sums[next]);
        matrix.setEntry(j, i, sums[next]);
        next++;
      }
    }
    return matrix;
  }

  /** Adds the evidence of one prompt. */
  static void count(Ballots ballots, Quality quality, Sums<Integer> sums) {
    Map<Integer, double[]> own = new HashMap<>();
    for (int from = 0, to; from < ballots.size(); from = to) {
      to = ballots.pairEnd(from);
      double[][] chances = quality.chances(ballots, from, to);
      double[] weights = Quality.posterior(ballots, from, chances);
      for (int vote = from; vote < to; vote++) {
        double[] sum = own.computeIfAbsent(ballots.annotator()[vote], each -> zero(quality));
        Moments moments = Moments.of(ballots.left()[vote], chances[vote - from], weights);
        add(moments, quality.seen(ballots, vote), sum);
      }
    }
    own.forEach(
        (annotator, sum) -> {
          cluster(sum, quality.dimensions());
          sums.add(annotator, sum);
        });
  }

  private static double[] zero(Quality quality) {
    int d = quality.dimensions();
    return new double[d + 3 * (d * (d + 1) / 2) + 2];
  }

  private static void add(Moments moments, double[] seen, double[] sum) {
    int d = seen.length;
    int triangle = d * (d + 1) / 2;
    int next = d;
    for (int i = 0; i < d; i++) {
      sum[i] += i == 0 ? moments.errorTheta() : moments.error() * seen[i];
      for (int j = 0; j <= i; j++) {
        int thetas = (i == 0 ? 1 : 0) + (j == 0 ? 1 : 0);
        double x = (i == 0 ? 1 : seen[i]) * (j == 0 ? 1 : seen[j]);
        sum[next] += moments.complete()[thetas] * x;
        sum[next + triangle] += moments.lost()[thetas] * x;
        next++;
      }
    }
    sum[sum.length - 1] += 1;
  }

  private static void cluster(double[] sum, int d) {
    int next = d + 2 * (d * (d + 1) / 2);
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        sum[next++] = sum[i] * sum[j];
      }
    }
    sum[next] = 1;
  }

  /** The scores of one prompt, by annotator. */
  static Map<Integer, double[]> scores(Ballots ballots, Quality quality) {
    Map<Integer, double[]> scores = new HashMap<>();
    for (int from = 0, to; from < ballots.size(); from = to) {
      to = ballots.pairEnd(from);
      double[][] chances = quality.chances(ballots, from, to);
      double[] weights = Quality.posterior(ballots, from, chances);
      for (int vote = from; vote < to; vote++) {
        Moments moments = Moments.of(ballots.left()[vote], chances[vote - from], weights);
        double[] seen = quality.seen(ballots, vote);
        double[] score =
            scores.computeIfAbsent(ballots.annotator()[vote], each -> new double[seen.length]);
        for (int i = 0; i < seen.length; i++) {
          score[i] += i == 0 ? moments.errorTheta() : moments.error() * seen[i];
        }
      }
    }
    return scores;
  }

  /**
   * Expectations over theta of one vote: its error e = y - p and e theta; p (1 - p) theta^j; and
   * the variances of (e, e theta), by how many factors theta there are.
   */
  private record Moments(double error, double errorTheta, double[] complete, double[] lost) {
    static Moments of(boolean left, double[] chances, double[] weights) {
      double[] error = new double[2];
      double[] complete = new double[3];
      double[] squares = new double[3];
      for (int q = 0; q < Quality.NODES; q++) {
        double e = (left ? 1 : 0) - chances[q];
        double theta = Quality.theta(q);
        double we = weights[q] * e;
        double wpp = weights[q] * chances[q] * (1 - chances[q]);
        error[0] += we;
        error[1] += we * theta;
        for (int j = 0; j < 3; j++) {
          complete[j] += wpp;
          squares[j] += we * e;
          wpp *= theta;
          e *= theta;
        }
      }
      squares[0] -= error[0] * error[0];
      squares[1] -= error[0] * error[1];
      squares[2] -= error[1] * error[1];
      return new Moments(error[0], error[1], complete, squares);
    }
  }
}
