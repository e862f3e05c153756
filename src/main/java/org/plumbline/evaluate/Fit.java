package org.plumbline.evaluate;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.linear.SingularMatrixException;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;

/**
 * How a gain changes with the distance d from the start, the root of the KL: {@code d (a - b d)} of
 * the best of n, {@code d (a - b log d)} of reinforcement (Gao et al. 2023, arXiv:2210.10760, sec.
 * 3.1), by least squares.
 *
 * @param rSquared share of the variance that it explains
 */
public record Fit(double a, double b, double rSquared) {
  /** A point: distance and gain over the start. */
  record Point(double distance, double gain) {}

  /** The fit of the best of n; empty if there are too few points. */
  static Optional<Fit> ofSearch(List<Point> points) {
    return of(points, d -> d);
  }

  /** The fit of reinforcement; empty if there are too few points. */
  static Optional<Fit> ofReinforcement(List<Point> points) {
    return of(points, Math::log);
  }

  private static Optional<Fit> of(List<Point> all, DoubleUnaryOperator cost) {
    List<Point> points = all.stream().filter(point -> point.distance() > 0).toList();
    if (points.size() < 3) {
      return Optional.empty();
    }
    OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
    regression.setNoIntercept(true);
    regression.newSampleData(
        points.stream().mapToDouble(Point::gain).toArray(),
        points.stream()
            .map(Point::distance)
            .map(d -> new double[] {d, -d * cost.applyAsDouble(d)})
            .toArray(double[][]::new));
    try {
      double[] parameters = regression.estimateRegressionParameters();
      double mean = points.stream().mapToDouble(Point::gain).average().orElseThrow();
      double total = points.stream().mapToDouble(point -> Math.pow(point.gain() - mean, 2)).sum();
      return Optional.of(
          new Fit(
              parameters[0],
              parameters[1],
              1 - regression.calculateResidualSumOfSquares() / total));
    } catch (SingularMatrixException e) {
      return Optional.empty(); // all at one distance
    }
  }
}
