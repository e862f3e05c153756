package org.plumbline.curate;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** A pair, and P(left is better), in [0, 1]. */
record Settled(Item item, double left) {
  static final String TIE = "tie";
  static final String UNSURE = "less sure than min-probability";

  /** Closer to one half than this is a tie; the sum of a vote and its opposite may round. */
  private static final double TIED = 1e-9;

  boolean leftChosen() {
    return left >= 0.5;
  }

  /** That the chosen side is better. */
  double probability() {
    return leftChosen() ? left : 1 - left;
  }

  Item.Side chosen() {
    return leftChosen() ? item.left() : item.right();
  }

  Item.Side rejected() {
    return leftChosen() ? item.right() : item.left();
  }

  /** Why this is no preference pair, if it is none. */
  Optional<String> drop(double minProbability) {
    if (item.problem() != null) {
      return Optional.of(item.problem());
    }
    if (probability() - 0.5 < TIED) {
      return Optional.of(TIE);
    }
    return probability() < minProbability ? Optional.of(UNSURE) : Optional.empty();
  }

  /** The mean margin for the chosen side of the votes that have one; null if none has. */
  Double margin() {
    double[] margins =
        item.votes().stream()
            .map(Vote::margin)
            .filter(Objects::nonNull)
            .mapToDouble(margin -> leftChosen() ? margin : 0 - margin)
            .toArray();
    return margins.length == 0 ? null : Arrays.stream(margins).sum() / margins.length;
  }
}
