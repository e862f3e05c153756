package org.plumbline.agreement;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Abilities of players and reliabilities of those who compare them, fitted together: worker k
 * prefers i to j with probability eta_k s(a_i - a_j) + (1 - eta_k) s(a_j - a_i), where s is the
 * logistic function (Chen et al., "Pairwise ranking aggregation in a crowdsourced setting", WSDM
 * 2013, eq. 4). eta below one half is somebody who inverts.
 *
 * <p>By expectation and maximisation. E-step: a vote was meant as given with probability gamma =
 * eta s(d) / (eta s(d) + (1 - eta) s(-d)), d being winner's minus loser's ability. M-step: eta_k is
 * the posterior mean (k m + sum of gammas) / (k + votes) under a Beta of mean m and strength k;
 * abilities maximise the likelihood of votes turned by gamma, under a normal prior of standard
 * deviation {@value #SPREAD}, which keeps them finite where somebody wins everything. Votes weigh
 * |preference|. Where it is known who is better, a vote was meant as given if it is right.
 * Abilities of a contest depend on its own votes and on etas alone, so contests never leave
 * executors.
 */
public final class AnnotatedBradleyTerry implements Serializable {
  /** Prior standard deviation of abilities, in nats. */
  static final double SPREAD = 2;

  private static final int ROUNDS = 6;

  private final FitSettings settings;
  private final double[] etas;

  private AnnotatedBradleyTerry(FitSettings settings, double[] etas) {
    this.settings = settings;
    this.etas = etas;
  }

  /** Before anything is known; {@code workers} is {@link Workers#size()}. */
  public static AnnotatedBradleyTerry prior(FitSettings settings, int workers) {
    double[] etas = new double[workers];
    Arrays.fill(etas, settings.prior().mean());
    return new AnnotatedBradleyTerry(settings, etas);
  }

  /** Fits workers to {@code contests}, which are read once a round: persist them. */
  public static Fit<AnnotatedBradleyTerry> fit(
      JavaRDD<Contest> contests, int workers, FitSettings settings, Fit.Listener listener) {
    return Fit.of(
        prior(settings, workers),
        model -> model.refit(contests),
        (before, after) -> LogSpace.distance(before.etas, after.etas),
        settings,
        listener);
  }

  private AnnotatedBradleyTerry refit(JavaRDD<Contest> contests) {
    Broadcast<AnnotatedBradleyTerry> model =
        JavaSparkContext.fromSparkContext(contests.context()).broadcast(this);
    double[] sums =
        Sums.over(
            contests, etas.length, 2, (contest, table) -> model.value().tally(contest, table));
    model.destroy();
    double[] refitted = new double[etas.length];
    Arrays.setAll(refitted, w -> settings.prior().after(sums[2 * w], sums[2 * w + 1]));
    refitted[Workers.UNNAMED] = settings.prior().mean();
    return new AnnotatedBradleyTerry(settings, refitted);
  }

  private void tally(Contest contest, Sums sums) {
    double[] abilities = abilities(contest);
    for (int i = 0; i < contest.size(); i++) {
      double weight = contest.weight(i);
      sums.add(contest.workers()[i], 0, weight * meant(contest, i, abilities));
      sums.add(contest.workers()[i], 1, weight);
    }
  }

  /** Probability that a vote was meant as given. */
  private double meant(Contest contest, int i, double[] abilities) {
    if (contest.known(i)) {
      return LogSpace.believable(contest.right(i) ? 1 : 0);
    }
    double eta = LogSpace.believable(etas[contest.workers()[i]]);
    double won = LogSpace.sigmoid(abilities[contest.winner(i)] - abilities[contest.loser(i)]);
    return eta * won / (eta * won + (1 - eta) * (1 - won));
  }

  /** The ability of each player, in nats; they are about 0 on average. */
  public double[] abilities(Contest contest) {
    double[] abilities = new double[contest.players()];
    double[] meant = new double[contest.size()];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < meant.length; i++) {
        // At first nothing is known of the players, and a vote is meant as far as its worker is.
        meant[i] = meant(contest, i, abilities);
      }
      climb(contest, meant, abilities);
    }
    return abilities;
  }

  /** A Newton step on each ability in turn, until they are still; the likelihood is concave. */
  private static void climb(Contest contest, double[] meant, double[] abilities) {
    double[] gradient = new double[abilities.length];
    double[] curvature = new double[abilities.length];
    for (int step = 0; step < ROUNDS; step++) {
      Arrays.setAll(gradient, p -> -abilities[p] / (SPREAD * SPREAD));
      Arrays.fill(curvature, 1 / (SPREAD * SPREAD));
      for (int i = 0; i < meant.length; i++) {
        double won = LogSpace.sigmoid(abilities[contest.winner(i)] - abilities[contest.loser(i)]);
        double pull = contest.weight(i) * (meant[i] - won);
        double bend = contest.weight(i) * won * (1 - won);
        gradient[contest.winner(i)] += pull;
        gradient[contest.loser(i)] -= pull;
        // All abilities move at once, and a vote's two by opposite steps: it bends them twice.
        curvature[contest.winner(i)] += 2 * bend;
        curvature[contest.loser(i)] += 2 * bend;
      }
      Arrays.setAll(abilities, p -> abilities[p] + gradient[p] / curvature[p]);
    }
  }

  /** P(left is better) = s(a_left - a_right) of two players with these abilities. */
  public static double better(double left, double right) {
    return LogSpace.sigmoid(left - right);
  }

  /** Probability that the worker of this number means what they say; 0.5 says nothing. */
  public double reliability(int worker) {
    return etas[worker];
  }
}
