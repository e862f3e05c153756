package org.plumbline.curate.bias;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;

/**
 * Naive shares: of the votes that can tell, how many are for the response shown first, for the
 * longer one, and for each source model. Votes of a prompt are a cluster.
 */
final class Shares {
  private static final int FIRST = 0;
  private static final int LONGER = 1;
  private static final int MODELS = 2;
  private static final int EVERYBODY = 0;

  private final Catalog catalog;
  private final int kinds;
  private final Map<Integer, Sum> sums = new HashMap<>();

  private Shares(Catalog catalog) {
    this.catalog = catalog;
    this.kinds = MODELS + catalog.models().size();
  }

  /** Sums over clusters: of votes, of votes for it, and of the squares and products of these. */
  record Sum(long clusters, long votes, long yes, long yesYes, long yesVotes, long votesVotes) {
    static Sum of(long[] sums) {
      return new Sum(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]);
    }

    /** How many times the variance is that of independent votes; at least 1. */
    double designEffect() {
      double p = (double) yes / votes;
      double independent = votes * p * (1 - p);
      if (independent == 0 || clusters < 2) {
        // All votes are alike: they could be one vote a cluster.
        return (double) votesVotes / votes;
      }
      double clustered = yesYes - 2 * p * yesVotes + p * p * votesVotes;
      return Math.max(1, clustered / independent * clusters / (clusters - 1));
    }
  }

  static Shares measure(JavaRDD<Ballots> prompts, Catalog catalog) {
    Shares shares = new Shares(catalog);
    int models = catalog.models().size();
    Sums.whole(prompts, (Ballots ballots, Sums<Integer> sums) -> count(ballots, models, sums))
        .forEach((key, sum) -> shares.sums.put(key, Sum.of(sum)));
    return shares;
  }

  private static void count(Ballots ballots, int models, Sums<Integer> sums) {
    Map<Integer, long[]> own = new HashMap<>();
    int kinds = MODELS + models;
    for (int vote = 0; vote < ballots.size(); vote++) {
      for (int kind = 0; kind < kinds; kind++) {
        int side = side(ballots, vote, kind);
        if (side != 0) {
          long yes = ballots.left()[vote] == side > 0 ? 1 : 0;
          add(own, key(EVERYBODY, kind, kinds), yes);
          if (ballots.annotator()[vote] > 0) {
            add(own, key(ballots.annotator()[vote], kind, kinds), yes);
          }
        }
      }
    }
    own.forEach((key, c) -> sums.add(key, 1, c[0], c[1], c[1] * c[1], c[1] * c[0], c[0] * c[0]));
  }

  /** Whether left (1) or right (-1) is what is looked at; 0 if neither is. */
  private static int side(Ballots ballots, int vote, int kind) {
    return switch (kind) {
      case FIRST -> ballots.first()[vote];
      case LONGER -> (int) Math.signum(ballots.longer()[vote]);
      default -> ballots.side(vote, kind - MODELS);
    };
  }

  private static void add(Map<Integer, long[]> own, int key, long yes) {
    long[] count = own.computeIfAbsent(key, each -> new long[2]);
    count[0]++;
    count[1] += yes;
  }

  private static int key(int annotator, int kind, int kinds) {
    return annotator * kinds + kind;
  }

  /** Everybody's shares. */
  List<BiasEstimate> overall() {
    return estimates(EVERYBODY, 1);
  }

  /** The shares of each annotator with at least {@code minVotes} votes of that kind. */
  List<BiasEstimate> byAnnotator(int minVotes) {
    List<BiasEstimate> all = new ArrayList<>();
    for (int annotator = 1; annotator < catalog.annotators().size(); annotator++) {
      all.addAll(estimates(annotator, minVotes));
    }
    return all;
  }

  /** Votes that can tell: {@code kind} 0 by place, 1 by length, then by source model. */
  long votes(Integer annotator, int kind) {
    Sum sum = sums.get(key(annotator == null ? EVERYBODY : annotator, kind, kinds));
    return sum == null ? 0 : sum.votes();
  }

  private List<BiasEstimate> estimates(int annotator, int minVotes) {
    String name = annotator == EVERYBODY ? null : catalog.annotators().get(annotator);
    List<BiasEstimate> found = new ArrayList<>();
    for (int kind = 0; kind < kinds; kind++) {
      Sum sum = sums.get(key(annotator, kind, kinds));
      if (sum != null && sum.votes() >= minVotes) {
        String subject = kind < MODELS ? null : catalog.models().get(kind - MODELS);
        found.add(Intervals.share(bias(kind), name, subject, sum));
      }
    }
    return found;
  }

  private static String bias(int kind) {
    return kind == FIRST ? "position" : kind == LONGER ? "length" : "model";
  }
}
