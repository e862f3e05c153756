package org.plumbline.curate;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * What an annotator's stars are worth: ratings minus the annotator's mean, over the annotator's
 * standard deviation. Both are shrunk toward those of all ratings, as if {@code strength} ratings
 * with the pooled mean and variance had been seen first (Efron and Morris, "Data analysis using
 * Stein's estimator and its generalizations", JASA 70, 1975): with n ratings of mean m and variance
 * v against pooled M and V, location = (n m + k M) / (n + k), scale^2 = (n v + k V) / (n + k).
 */
record Calibration(Map<String, Scale> byAnnotator, Scale pooled) implements Serializable {
  /** Where ratings lie, and how far they spread. */
  record Scale(double location, double spread) implements Serializable {
    double standardised(double rating) {
      return spread > 0 ? (rating - location) / spread : 0;
    }
  }

  /** How many ratings, their sum and the sum of their squares. */
  record Sums(long count, double sum, double squares) {
    static final Sums NONE = new Sums(0, 0, 0);

    Sums plus(Sums other) {
      return new Sums(count + other.count, sum + other.sum, squares + other.squares);
    }

    double mean() {
      return sum / count;
    }

    double variance() {
      return Math.max(0, squares / count - mean() * mean());
    }
  }

  /**
   * Fits a scale to each annotator.
   *
   * @param ratings of each annotator, by name
   * @param all those and the ratings that nobody is named for
   * @param strength how many ratings the pooled scale is worth
   */
  static Calibration fit(Map<String, Sums> ratings, Sums all, double strength) {
    Map<String, Scale> scales = new HashMap<>();
    ratings.forEach(
        (annotator, own) -> {
          double n = own.count() + strength;
          scales.put(
              annotator,
              new Scale(
                  (own.sum() + strength * all.mean()) / n,
                  Math.sqrt((own.count() * own.variance() + strength * all.variance()) / n)));
        });
    return new Calibration(
        scales,
        all.count() == 0 ? new Scale(0, 1) : new Scale(all.mean(), Math.sqrt(all.variance())));
  }

  /** A rating in standard deviations from what its annotator usually gives. */
  double standardised(Judgment rating) {
    return rating
        .annotator()
        .map(annotator -> byAnnotator.getOrDefault(annotator, pooled))
        .orElse(pooled)
        .standardised(rating.answer().rating());
  }
}
