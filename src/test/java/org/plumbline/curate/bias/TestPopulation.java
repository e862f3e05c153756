package org.plumbline.curate.bias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;

class TestPopulation {
  private static RealMatrix matrix(double[]... rows) {
    return MatrixUtils.createRealMatrix(rows);
  }

  @Test
  void aCovarianceIsInvertedAsItIs() {
    RealMatrix covariance = matrix(new double[] {2, 1}, new double[] {1, 3});

    RealMatrix one = Population.inverseOfCovariance(covariance, 1e-6).multiply(covariance);

    assertThat(one.subtract(MatrixUtils.createRealIdentityMatrix(2)).getNorm())
        .isCloseTo(0, within(1e-12));
  }

  /** Two leanings that always go together, summed over so many votes that rounding shows. */
  @Test
  void roundingBelowZeroIsTakenForNothing() {
    double large = 1e5;
    double wrong = large + 3e-5;
    RealMatrix covariance = matrix(new double[] {large, wrong}, new double[] {wrong, large});

    RealMatrix inverse = Population.inverseOfCovariance(covariance, 1e-6);

    double floor = 1e-9 * (large + wrong);
    double[] together = {Math.sqrt(0.5), Math.sqrt(0.5)};
    double[] apart = {Math.sqrt(0.5), -Math.sqrt(0.5)};
    assertThat(quadratic(inverse, together)).isCloseTo(1 / (large + wrong), within(1e-8));
    assertThat(quadratic(inverse, apart)).isCloseTo(1 / floor, within(1.0));
  }

  private static double quadratic(RealMatrix matrix, double[] vector) {
    return MatrixUtils.createRealVector(vector)
        .dotProduct(matrix.operate(MatrixUtils.createRealVector(vector)));
  }
}
