package org.plumbline.curate.bias;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Whether annotators side with their own group: D is half the difference of the mean direction of
 * the pair's other voters of one's own group and that of other groups', in [-1, 1]. What others'
 * votes say of quality says who is right; if groups do not matter, D adds nothing to it.
 *
 * <p>P(left) = E[sigma(a theta + b . x + g D)], over theta given the votes of everybody else; g
 * solves sum D (y - P(left)) = 0 by Newton's method; its variance is the sandwich over prompts.
 */
final class GroupLoyalty {
  private static final int ROUNDS = 6;
  private static final int EVERYBODY = 0;

  /** Variance of annotators' g before any is known, worth one annotator. */
  private static final double SPREAD = 0.1;

  private GroupLoyalty() {}

  /** Sums of D (y - P), of its slope in g, of the squared sums over prompts, and of votes. */
  private record Sum(double error, double slope, double squares, long votes) {
    static Sum of(double[] sums) {
      return new Sum(sums[0], sums[1], sums[2], Math.round(sums[3]));
    }

    double step() {
      return error / slope;
    }

    double variance() {
      return squares / (slope * slope);
    }
  }

  /** Everybody's, then each annotator's with {@code minVotes} votes that can tell. */
  static List<BiasEstimate> measure(
      JavaRDD<Ballots> prompts, Quality quality, Catalog catalog, int minVotes) {
    if (catalog.groups().size() < 2) {
      return List.of();
    }
    double g = 0;
    Map<Integer, Sum> sums = sums(prompts, quality, g);
    for (int round = 0; round < ROUNDS && sums.containsKey(EVERYBODY); round++) {
      g += Math.max(-1, Math.min(1, sums.get(EVERYBODY).step()));
      sums = sums(prompts, quality, g);
    }
    Sum all = sums.get(EVERYBODY);
    if (all == null || all.votes() < minVotes) {
      return List.of();
    }
    List<BiasEstimate> found = new ArrayList<>();
    found.add(Intervals.logOdds("group", null, null, g, Math.sqrt(all.variance()), all.votes()));
    found.addAll(byAnnotator(g, sums, catalog, minVotes));
    return found;
  }

  private static Map<Integer, Sum> sums(JavaRDD<Ballots> prompts, Quality quality, double g) {
    Broadcast<Quality> sent =
        JavaSparkContext.fromSparkContext(prompts.context()).broadcast(quality);
    Map<Integer, Sum> sums = new TreeMap<>();
    Sums.real(prompts, (Ballots ballots, Sums<Integer> all) -> count(ballots, sent.value(), g, all))
        .forEach((key, sum) -> sums.put(key, Sum.of(sum)));
    sent.destroy();
    return sums;
  }

  /** Annotators are drawn from a normal law around g, whose variance is by moments. */
  private static List<BiasEstimate> byAnnotator(
      double g, Map<Integer, Sum> sums, Catalog catalog, int minVotes) {
    Map<Integer, Sum> own = new TreeMap<>(sums);
    own.keySet().removeIf(k -> k == EVERYBODY || sums.get(k).votes() < minVotes);
    double spread = SPREAD;
    for (Sum each : own.values()) {
      spread += Math.max(0, each.step() * each.step() - each.variance());
    }
    spread /= own.size() + 1;
    List<BiasEstimate> found = new ArrayList<>();
    for (var each : own.entrySet()) {
      double shrink = spread / (spread + each.getValue().variance());
      found.add(
          Intervals.logOdds(
              "group",
              catalog.annotators().get(each.getKey()),
              null,
              g + shrink * each.getValue().step(),
              Math.sqrt(shrink * each.getValue().variance()),
              each.getValue().votes()));
    }
    return found;
  }

  private static void count(Ballots ballots, Quality quality, double g, Sums<Integer> sums) {
    Map<Integer, double[]> own = new HashMap<>();
    for (int from = 0, to; from < ballots.size(); from = to) {
      to = ballots.pairEnd(from);
      Groups groups = Groups.of(ballots, from, to);
      if (groups.votes().size() > 1) {
        double[] all = Quality.prior();
        quality.add(ballots, from, to, 1, all);
        for (int run = from, end; run < to; run = end) {
          end = ballots.annotatorEnd(run, to);
          double[] others = all.clone();
          quality.add(ballots, run, end, -1, others);
          count(ballots, run, end, groups, quality, Quality.normalised(others), g, own);
        }
      }
    }
    own.forEach((k, sum) -> sums.add(k, new double[] {sum[0], sum[1], sum[0] * sum[0], sum[2]}));
  }

  private static void count(
      Ballots ballots,
      int from,
      int to,
      Groups groups,
      Quality quality,
      double[] weights,
      double g,
      Map<Integer, double[]> own) {
    double[] chances = new double[Quality.NODES];
    for (int vote = from; vote < to; vote++) {
      Optional<Double> difference = groups.difference(ballots, vote, from, to);
      if (difference.isPresent()) {
        double d = difference.get();
        quality.chances(ballots, vote, g * d, chances);
        double p = 0;
        double slope = 0;
        for (int q = 0; q < Quality.NODES; q++) {
          p += weights[q] * chances[q];
          slope += weights[q] * chances[q] * (1 - chances[q]);
        }
        double error = d * ((ballots.left()[vote] ? 1 : 0) - p);
        add(own, EVERYBODY, error, d * d * slope);
        if (ballots.annotator()[vote] > 0) {
          add(own, ballots.annotator()[vote], error, d * d * slope);
        }
      }
    }
  }

  private static void add(Map<Integer, double[]> own, int key, double error, double slope) {
    double[] sum = own.computeIfAbsent(key, each -> new double[3]);
    sum[0] += error;
    sum[1] += slope;
    sum[2]++;
  }

  /** Votes and sum of directions of each group on one pair. */
  private record Groups(Map<Integer, int[]> votes, int all, int directions) {
    static Groups of(Ballots ballots, int from, int to) {
      Map<Integer, int[]> votes = new HashMap<>();
      int all = 0;
      int directions = 0;
      for (int vote = from; vote < to; vote++) {
        if (ballots.group()[vote] >= 0) {
          int direction = ballots.left()[vote] ? 1 : -1;
          int[] own = votes.computeIfAbsent(ballots.group()[vote], each -> new int[2]);
          own[0]++;
          own[1] += direction;
          all++;
          directions += direction;
        }
      }
      return new Groups(votes, all, directions);
    }

    /** D of a vote whose annotator's own are {@code from} to {@code to}; empty if one is alone. */
    Optional<Double> difference(Ballots ballots, int vote, int from, int to) {
      int group = ballots.group()[vote];
      if (group < 0) {
        return Optional.empty();
      }
      int[] own = votes.get(group).clone();
      int others = all - own[0];
      double direction = directions - own[1];
      for (int self = from; self < to; self++) {
        if (ballots.group()[self] == group) {
          own[0]--;
          own[1] -= ballots.left()[self] ? 1 : -1;
        }
      }
      return own[0] == 0 || others == 0
          ? Optional.empty()
          : Optional.of(((double) own[1] / own[0] - direction / others) / 2);
    }
  }
}
