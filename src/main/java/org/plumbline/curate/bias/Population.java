package org.plumbline.curate.bias;

import java.util.Arrays;
import java.util.Collection;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * Annotators' parameters as draws from one normal law, whose mean and covariance are estimated too:
 * empirical Bayes (Efron and Morris, JASA 70, 1975; Lindley and Smith, JRSS B 34, 1972). Annotators
 * of few votes are taken to be like the others.
 */
record Population(RealVector mean, RealMatrix covariance) {
  /** Log-odds by which a usual annotator follows a difference of one deviation in quality. */
  private static final double USUAL = 2;

  /** Variance of annotators' parameters before any is known, worth one annotator. */
  private static final double SPREAD = 0.1;

  /** Precision of what is expected of the mean: of following quality, and of leanings. */
  private static final double KNOWN_FOLLOWS = 1;

  private static final double KNOWN_LEANS = 0.01;

  /** What sums of many rounded numbers are wrong by at most, of the largest of them. */
  private static final double ROUNDING = 1e-9;

  /** Added to the variance of the population for annotators of enough votes, in squared nats. */
  private static final double LENIENT = 2;

  /** What is known of one annotator: information I [d, d], and I times the estimate [d]. */
  record Own(RealMatrix information, RealVector informed) {}

  /** One annotator's parameters, given the population: normal. */
  record Posterior(RealVector mean, RealMatrix covariance) {}

  static Population start(int dimensions) {
    RealVector mean = MatrixUtils.createRealVector(new double[dimensions]);
    mean.setEntry(Quality.FOLLOWS, USUAL);
    return new Population(mean, MatrixUtils.createRealIdentityMatrix(dimensions));
  }

  Posterior posterior(Own own) {
    RealMatrix precision = inverse(covariance);
    RealMatrix posterior = inverse(own.information().add(precision));
    return new Posterior(posterior.operate(own.informed().add(precision.operate(mean))), posterior);
  }

  /** How much each annotator counts for the mean: the inverse of T + I^-1, [d, d]. */
  RealMatrix weight(Own own) {
    RealMatrix precision = inverse(covariance);
    RealMatrix posterior = inverse(own.information().add(precision));
    return precision.subtract(precision.multiply(posterior).multiply(precision));
  }

  /** The sum of all weights. */
  RealMatrix totalWeight(Collection<Own> all) {
    RealMatrix total = hyperprior();
    for (Own own : all) {
      total = total.add(weight(own));
    }
    return total;
  }

  /** One round: the mean by generalised least squares, the covariance by expectation. */
  Population refit(Collection<Own> all) {
    RealMatrix precision = inverse(covariance);
    RealMatrix weights = hyperprior();
    RealVector sum = weights.operate(start(mean.getDimension()).mean);
    for (Own own : all) {
      RealMatrix share = precision.multiply(inverse(own.information().add(precision)));
      weights = weights.add(precision.subtract(share.multiply(precision)));
      sum = sum.add(share.operate(own.informed()));
    }
    Population moved = new Population(inverse(weights).operate(sum), covariance);
    RealMatrix spread = identity().scalarMultiply(SPREAD);
    for (Own own : all) {
      Posterior posterior = moved.posterior(own);
      RealVector off = posterior.mean().subtract(moved.mean);
      spread = spread.add(off.outerProduct(off)).add(posterior.covariance());
    }
    return new Population(moved.mean, spread.scalarMultiply(1.0 / (all.size() + 1)));
  }

  /**
   * What is expected of an annotator with {@code evidence}: with enough votes, next to nothing, or
   * the few who are unlike the others would be made like them.
   */
  Population of(Evidence evidence, int enough) {
    return evidence.votes() < enough
        ? this
        : new Population(mean, covariance.add(identity().scalarMultiply(LENIENT)));
  }

  private RealMatrix hyperprior() {
    RealMatrix known = identity().scalarMultiply(KNOWN_LEANS);
    known.setEntry(Quality.FOLLOWS, Quality.FOLLOWS, KNOWN_FOLLOWS);
    return known;
  }

  private RealMatrix identity() {
    return MatrixUtils.createRealIdentityMatrix(mean.getDimension());
  }

  /** Of a symmetric matrix that is positive definite. */
  static RealMatrix inverse(RealMatrix matrix) {
    return new CholeskyDecomposition(symmetric(matrix), 1e-6, 1e-300).getSolver().getInverse();
  }

  /**
   * Of a covariance that was summed up: of directions that nothing was seen of, rounding may leave
   * a variance of zero or less beside large ones. They get the least that is more than rounding.
   */
  static RealMatrix inverseOfCovariance(RealMatrix matrix, double least) {
    EigenDecomposition eigen = new EigenDecomposition(symmetric(matrix));
    double[] values = eigen.getRealEigenvalues();
    double floor = Math.max(least, ROUNDING * Arrays.stream(values).max().orElseThrow());
    double[] inverses = Arrays.stream(values).map(value -> 1 / Math.max(floor, value)).toArray();
    return eigen
        .getV()
        .multiply(MatrixUtils.createRealDiagonalMatrix(inverses))
        .multiply(eigen.getVT());
  }

  static boolean positive(RealMatrix matrix) {
    try {
      new CholeskyDecomposition(symmetric(matrix), 1e-6, 1e-9);
      return true;
    } catch (NonPositiveDefiniteMatrixException e) {
      return false;
    }
  }

  /** Without the last bit's asymmetry that products leave. */
  private static RealMatrix symmetric(RealMatrix matrix) {
    return matrix.add(matrix.transpose()).scalarMultiply(0.5);
  }
}
