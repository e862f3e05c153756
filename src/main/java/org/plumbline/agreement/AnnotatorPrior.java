package org.plumbline.agreement;

import java.io.Serializable;

/**
 * What is expected of a worker before anything is known, and of every worker without a name: a Beta
 * (of several labels a symmetric Dirichlet) distribution.
 *
 * @param mean probability of giving the right label, in (0, 1)
 * @param strength how many answers that expectation is worth, at least 0
 */
public record AnnotatorPrior(double mean, double strength) implements Serializable {
  /** Checks the bounds. */
  public AnnotatorPrior {
    if (!(mean > 0 && mean < 1)) {
      throw new IllegalArgumentException("Invalid mean: " + mean + " (must be > 0 and < 1)");
    }
    if (!(strength >= 0)) {
      throw new IllegalArgumentException("Invalid strength: " + strength + " (must be >= 0)");
    }
  }

  /** The prior that adds {@code count} to every cell of a table of {@code classes} columns. */
  public static AnnotatorPrior smoothing(double count, int classes) {
    return new AnnotatorPrior(1.0 / classes, count * classes);
  }

  /** Mean of the posterior after {@code right} of {@code total} answers were right. */
  double after(double right, double total) {
    double all = strength + total;
    return all > 0 ? (strength * mean + right) / all : mean;
  }
}
