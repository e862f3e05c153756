package org.plumbline.agreement;

/**
 * How far probabilities are what they say.
 *
 * @param expectedCalibrationError mean over bins, weighted by their size, of the distance between
 *     mean probability and share of outcomes (Naeini et al., "Obtaining well calibrated
 *     probabilities using Bayesian binning", AAAI 2015), in [0, 1]
 * @param brier mean squared difference of probability and outcome (Brier, "Verification of
 *     forecasts expressed in terms of probability", Monthly Weather Review 78, 1950), in [0, 1]
 */
public record CalibrationError(double expectedCalibrationError, double brier) {
  /**
   * Measures probabilities against what happened.
   *
   * @param probabilities in [0, 1]
   * @param outcomes of the same length: 1 if it happened, else 0
   * @param bins of equal width over [0, 1]; a probability on an edge falls into the upper one
   */
  public static CalibrationError of(double[] probabilities, double[] outcomes, int bins) {
    if (probabilities.length != outcomes.length || probabilities.length == 0) {
      throw new IllegalArgumentException(
          "Invalid length of outcomes: %d (must be %d, and above 0)"
              .formatted(outcomes.length, probabilities.length));
    }
    double[] gap = new double[bins];
    double squares = 0;
    for (int i = 0; i < probabilities.length; i++) {
      double difference = probabilities[i] - outcomes[i];
      gap[Math.min(bins - 1, (int) (probabilities[i] * bins))] += difference;
      squares += difference * difference;
    }
    double error = 0;
    for (double sum : gap) {
      error += Math.abs(sum);
    }
    return new CalibrationError(error / probabilities.length, squares / probabilities.length);
  }
}
