package org.plumbline.agreement;

import java.io.Serializable;

/**
 * How annotator models are fitted.
 *
 * @param prior what is expected of a worker
 * @param classPrior how common labels are; does not concern {@link AnnotatedBradleyTerry}
 * @param iterations most rounds of expectation and maximisation, at least 1
 * @param tolerance rounds end when no parameter moves by more; 0 for all rounds
 */
public record FitSettings(
    AnnotatorPrior prior, ClassPrior classPrior, int iterations, double tolerance)
    implements Serializable {
  /** Checks the bounds. */
  public FitSettings {
    if (iterations < 1) {
      throw new IllegalArgumentException("Invalid iterations: " + iterations + " (must be >= 1)");
    }
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException("Invalid tolerance: " + tolerance + " (must be >= 0)");
    }
  }
}
