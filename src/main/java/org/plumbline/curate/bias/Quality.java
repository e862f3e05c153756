package org.plumbline.curate.bias;

import java.io.Serializable;

/**
 * What a vote follows: logit P(k prefers left) = a_k theta + b_k . x, where theta is how much
 * better left is, unknown and normal with deviation 1 over pairs, a_k how closely annotator k
 * follows it, and x = (position, length, source models) what else there is to see. A two-parameter
 * item response model (Birnbaum 1968) with covariates (De Boeck and Wilson, "Explanatory item
 * response models", 2004). Integrals over theta are sums over nodes (Bock and Aitkin, Psychometrika
 * 46, 1981).
 *
 * @param parameters of each annotator: a, then b
 */
record Quality(double[][] parameters) implements Serializable {
  static final int NODES = 21;

  /** Index of a, and of the coefficients of what is shown first and of what is longer. */
  static final int FOLLOWS = 0;

  static final int FIRST = 1;
  static final int LONGER = 2;
  static final int MODELS = 3;

  private static final double REACH = 4;
  private static final double[] THETA = new double[NODES];
  private static final double[] LOG_WEIGHT = new double[NODES];
  private static final double[] PRIOR;

  static {
    for (int q = 0; q < NODES; q++) {
      THETA[q] = REACH * (2.0 * q / (NODES - 1) - 1);
      LOG_WEIGHT[q] = -THETA[q] * THETA[q] / 2;
    }
    PRIOR = normalised(LOG_WEIGHT);
  }

  static double theta(int node) {
    return THETA[node];
  }

  int dimensions() {
    return parameters[0].length;
  }

  /** Before any vote is looked at: log-weights of the nodes, up to a constant. */
  static double[] prior() {
    return LOG_WEIGHT.clone();
  }

  /** The part of the log-odds that does not depend on theta. */
  double lean(Ballots ballots, int vote) {
    double[] own = parameters[ballots.annotator()[vote]];
    double lean = own[FIRST] * ballots.first()[vote] + own[LONGER] * ballots.longer()[vote];
    for (int model = MODELS; model < own.length; model++) {
      lean += own[model] * ballots.side(vote, model - MODELS);
    }
    return lean;
  }

  /** What is multiplied with b: shares its order with the parameters; the first is for theta. */
  double[] seen(Ballots ballots, int vote) {
    double[] seen = new double[dimensions()];
    seen[FIRST] = ballots.first()[vote];
    seen[LONGER] = ballots.longer()[vote];
    for (int model = MODELS; model < seen.length; model++) {
      seen[model] = ballots.side(vote, model - MODELS);
    }
    return seen;
  }

  /** P(left is preferred) at each node, with {@code extra} nats more. */
  void chances(Ballots ballots, int vote, double extra, double[] chances) {
    double follows = parameters[ballots.annotator()[vote]][FOLLOWS];
    double lean = lean(ballots, vote) + extra;
    for (int q = 0; q < NODES; q++) {
      chances[q] = 1 / (1 + Math.exp(-follows * THETA[q] - lean));
    }
  }

  /** P(left is preferred) at each node, of each vote from {@code from} to {@code to}. */
  double[][] chances(Ballots ballots, int from, int to) {
    double[][] chances = new double[to - from][NODES];
    for (int vote = from; vote < to; vote++) {
      chances(ballots, vote, 0, chances[vote - from]);
    }
    return chances;
  }

  /**
   * Weights of the nodes, of sum 1, once the votes from {@code from} are looked at.
   *
   * @param chances as {@link #chances(Ballots, int, int)} gives them
   */
  static double[] posterior(Ballots ballots, int from, double[][] chances) {
    double[] weights = PRIOR.clone();
    for (int i = 0; i < chances.length; i++) {
      double total = 0;
      for (int q = 0; q < NODES; q++) {
        weights[q] *= likelihood(ballots, from + i, chances[i][q]);
        total += weights[q];
      }
      // At each vote, since a pair of thousands would leave nothing but zeros.
      for (int q = 0; q < NODES; q++) {
        weights[q] /= total;
      }
    }
    return weights;
  }

  private static double likelihood(Ballots ballots, int vote, double chance) {
    return Math.max(ballots.left()[vote] ? chance : 1 - chance, Double.MIN_NORMAL);
  }

  /** Adds the votes from {@code from} to {@code to}, times {@code sign}, to log-weights. */
  void add(Ballots ballots, int from, int to, double sign, double[] logWeights) {
    double[] chances = new double[NODES];
    for (int vote = from; vote < to; vote++) {
      chances(ballots, vote, 0, chances);
      for (int q = 0; q < NODES; q++) {
        logWeights[q] += sign * Math.log(likelihood(ballots, vote, chances[q]));
      }
    }
  }

  /** Weights that sum to 1. */
  static double[] normalised(double[] logWeights) {
    double most = Double.NEGATIVE_INFINITY;
    for (double each : logWeights) {
      most = Math.max(most, each);
    }
    double total = 0;
    double[] weights = new double[NODES];
    for (int q = 0; q < NODES; q++) {
      weights[q] = Math.exp(logWeights[q] - most);
      total += weights[q];
    }
    for (int q = 0; q < NODES; q++) {
      weights[q] /= total;
    }
    return weights;
  }
}
