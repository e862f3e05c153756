package org.plumbline.curate.bias;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.plumbline.config.BiasSettings;

/**
 * Takes measured biases off votes and off posteriors, as far as settings ask for it.
 *
 * <p>Position: with f the share of votes for what was shown first, a vote for it weighs 0.5 / f,
 * any other 0.5 / (1 - f): both orders count the same. This is right if order was drawn by lot.
 * Groups: of n votes by G groups, a vote of a group with n_g weighs n / (G n_g). Length: {@link
 * LengthControl}.
 */
public final class Mitigations implements Serializable {
  private static final long serialVersionUID = 1;

  /** How many votes everybody's share is worth beside an annotator's own. */
  private static final double SHARED = 20;

  /** No vote weighs more than five times as much as without a bias. */
  private static final double SMALLEST_SHARE = 0.1;

  private final double first;
  private final Map<String, Double> firstOf = new HashMap<>();
  private final boolean groupsInPair;
  private final Map<String, Double> groups = new HashMap<>();
  private final double lengthEffect;
  private final double lengthScale;

  private Mitigations(double first, boolean groupsInPair, double effect, double scale) {
    this.first = first;
    this.groupsInPair = groupsInPair;
    this.lengthEffect = effect;
    this.lengthScale = scale;
  }

  /** What {@code settings} ask for, by what was measured. */
  public static Mitigations of(BiasReport report, BiasSettings settings) {
    double first =
        settings.position().equals("none")
            ? 0.5
            : report.overall("position", "share").map(BiasEstimate::estimate).orElse(0.5);
    Mitigations made =
        new Mitigations(
            bounded(first),
            settings.groups().equals("pair"),
            settings.lengthControlled() ? report.lengthEffect() : 0,
            report.lengthScale());
    if (settings.position().equals("annotator")) {
      for (BiasEstimate own : report.byAnnotator("position", "share")) {
        double share = (own.estimate() * own.n() + SHARED * first) / (own.n() + SHARED);
        made.firstOf.put(own.annotator(), bounded(share));
      }
    }
    if (settings.groups().equals("overall")) {
      made.groups.putAll(balanced(report.votesByGroup()));
    }
    return made;
  }

  /** Changes nothing. */
  public static Mitigations none() {
    return new Mitigations(0.5, false, 0, 1);
  }

  private static double bounded(double share) {
    return Math.max(SMALLEST_SHARE, Math.min(1 - SMALLEST_SHARE, share));
  }

  private static Map<String, Double> balanced(Map<String, Long> votes) {
    double total = votes.values().stream().mapToLong(Long::longValue).sum();
    Map<String, Double> weights = new HashMap<>();
    votes.forEach((group, own) -> weights.put(group, total / votes.size() / own));
    return weights;
  }

  /**
   * How much each vote of one pair counts, in the order of {@code votes}; 1 is as any vote. Votes
   * for neither side, or whose order or group is not known, are not touched by what needs it.
   */
  public double[] weights(List<VoteView> votes) {
    double[] weights = new double[votes.size()];
    Map<String, Double> byGroup = groupsInPair ? inPair(votes) : groups;
    for (int i = 0; i < weights.length; i++) {
      weights[i] =
          position(votes.get(i))
              * votes.get(i).group().map(group -> byGroup.getOrDefault(group, 1.0)).orElse(1.0);
    }
    return weights;
  }

  private double position(VoteView vote) {
    if (vote.leftFirst() == null || vote.preference() == 0) {
      return 1;
    }
    double share = vote.annotator().map(name -> firstOf.getOrDefault(name, first)).orElse(first);
    boolean forFirst = vote.leftFirst() == vote.preference() > 0;
    return 0.5 / (forFirst ? share : 1 - share);
  }

  private static Map<String, Double> inPair(List<VoteView> votes) {
    Map<String, Long> byGroup = new HashMap<>();
    votes.forEach(vote -> vote.group().ifPresent(group -> byGroup.merge(group, 1L, Long::sum)));
    return balanced(byGroup);
  }

  /** Nats of log-odds for left that are due to length, to subtract from the posterior's. */
  public double offset(int leftLength, int rightLength) {
    return lengthEffect * Catalog.longer(leftLength, rightLength, lengthScale);
  }
}
