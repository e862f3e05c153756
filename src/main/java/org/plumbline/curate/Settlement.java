package org.plumbline.curate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.plumbline.curate.bias.Mitigations;

/** Settles pairs: by the known right answer, or else by whom to believe, less what biases did. */
record Settlement(Belief belief, Mitigations mitigations) implements Serializable {
  /** Nothing is surer than this, not even a known right answer: losses stay finite. */
  static final double CERTAIN = 0.999;

  /** Settles the pairs of one prompt. */
  List<Settled> settle(List<Item> items) {
    List<Ballots> ballots = items.stream().map(item -> Ballots.of(item, mitigations)).toList();
    double[] left = belief.leftBetter(ballots);
    List<Settled> settled = new ArrayList<>(items.size());
    for (int i = 0; i < left.length; i++) {
      Item item = items.get(i);
      double offset = mitigations.offset(item.left().length(), item.right().length());
      settled.add(new Settled(item, known(item.truth(), shifted(left[i], offset))));
    }
    return settled;
  }

  /** {@code left} unless the truth is known. */
  static double known(int truth, double left) {
    return truth == 0 ? left : truth > 0 ? CERTAIN : 1 - CERTAIN;
  }

  /** A probability whose log-odds are {@code nats} lower. */
  private static double shifted(double probability, double nats) {
    if (nats == 0) {
      return probability;
    }
    double bounded = Math.min(1 - 1e-12, Math.max(1e-12, probability));
    return 1 / (1 + Math.exp(nats - Math.log(bounded / (1 - bounded))));
  }
}
