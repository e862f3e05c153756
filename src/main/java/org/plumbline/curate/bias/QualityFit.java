package org.plumbline.curate.bias;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Fits {@link Quality} with each annotator's parameters drawn from a {@link Population}: each round
 * sums every annotator's {@link Evidence} over prompts, then takes a Newton step for each annotator
 * on the driver. Votes never leave the executors.
 *
 * @param quality the fitted parameters
 * @param population the law they are drawn from
 * @param evidence by annotator, at the fitted parameters
 * @param own by annotator, with cluster-robust information
 */
record QualityFit(
    Quality quality,
    Population population,
    Map<Integer, Evidence> evidence,
    Map<Integer, Population.Own> own) {
  private static final double SETTLED = 5e-3;
  private static final double LARGEST_STEP = 1;

  /** How many prompts the model's own variance is worth where prompts are few. */
  private static final double PROMPTS_OF_MODEL = 10;

  private static final int POPULATION_ROUNDS = 30;

  /** Steps are at most five times those of expectation-maximisation, which never overshoots. */
  private static final double CAUTION = 0.2;

  private static final double LOST_STEP = 0.125;
  private static final double RIDGE = 1e-6;

  static QualityFit of(JavaRDD<Ballots> prompts, Catalog catalog, int rounds, int minVotes) {
    int d = Quality.MODELS + catalog.models().size();
    Population population = Population.start(d);
    double[][] parameters = new double[catalog.annotators().size()][];
    Arrays.fill(parameters, population.mean().toArray());
    for (int round = 0; round < rounds; round++) {
      Map<Integer, Evidence> evidence = evidence(prompts, new Quality(parameters));
      Map<Integer, Population.Own> own = new HashMap<>();
      for (var each : evidence.entrySet()) {
        own.put(each.getKey(), own(each.getValue(), parameters[each.getKey()]));
      }
      population = population.refit(own.values());
      double[][] moved = parameters.clone();
      double change = 0;
      for (var each : own.entrySet()) {
        int annotator = each.getKey();
        moved[annotator] =
            step(
                parameters[annotator],
                population.of(evidence.get(annotator), minVotes).posterior(each.getValue()).mean());
        change = Math.max(change, distance(moved[annotator], parameters[annotator]));
      }
      parameters = moved;
      if (change < SETTLED) {
        break;
      }
    }
    return robust(prompts, new Quality(parameters), population);
  }

  static Map<Integer, Evidence> evidence(JavaRDD<Ballots> prompts, Quality quality) {
    Broadcast<Quality> sent =
        JavaSparkContext.fromSparkContext(prompts.context()).broadcast(quality);
    Map<Integer, Evidence> evidence = new HashMap<>();
    Sums.real(
            prompts,
            (Ballots ballots, Sums<Integer> sums) -> Evidence.count(ballots, sent.value(), sums))
        .forEach((key, sum) -> evidence.put(key, Evidence.of(sum, quality.dimensions())));
    sent.destroy();
    return evidence;
  }

  /** The quadratic that has the likelihood's slope and curvature here. */
  private static Population.Own own(Evidence evidence, double[] at) {
    RealMatrix information = bread(evidence, CAUTION);
    RealVector informed =
        information
            .operate(MatrixUtils.createRealVector(at))
            .add(MatrixUtils.createRealVector(evidence.score()));
    return new Population.Own(information, informed);
  }

  private static double[] step(double[] from, RealVector to) {
    double[] next = new double[from.length];
    for (int i = 0; i < next.length; i++) {
      double step = to.getEntry(i) - from[i];
      next[i] = from[i] + Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, step));
    }
    return next;
  }

  private static double distance(double[] left, double[] right) {
    double most = 0;
    for (int i = 0; i < left.length; i++) {
      most = Math.max(most, Math.abs(left[i] - right[i]));
    }
    return most;
  }

  private static QualityFit robust(JavaRDD<Ballots> prompts, Quality quality, Population fitted) {
    Map<Integer, Evidence> evidence = evidence(prompts, quality);
    Map<Integer, Population.Own> own = new HashMap<>();
    evidence.forEach(
        (annotator, each) -> own.put(annotator, robust(each, quality.parameters()[annotator])));
    Population population = fitted;
    for (int round = 0; round < POPULATION_ROUNDS; round++) {
      population = population.refit(own.values());
    }
    return new QualityFit(quality, population, evidence, own);
  }

  /**
   * Information whose inverse is the sandwich I^-1 J I^-1; J leans to I, which it is if votes of a
   * prompt are independent, where there are few prompts to see it by.
   */
  private static Population.Own robust(Evidence evidence, double[] at) {
    RealMatrix bread = bread(evidence, 0);
    RealMatrix middle =
        evidence
            .clustered()
            .scalarMultiply(evidence.prompts())
            .add(bread.scalarMultiply(PROMPTS_OF_MODEL))
            .scalarMultiply(1 / (evidence.prompts() + PROMPTS_OF_MODEL));
    RealMatrix inverse = Population.inverseOfCovariance(middle, RIDGE);
    RealMatrix information = bread.multiply(inverse).multiply(bread);
    RealVector informed =
        information
            .operate(MatrixUtils.createRealVector(at))
            .add(bread.multiply(inverse).operate(MatrixUtils.createRealVector(evidence.score())));
    return new Population.Own(information, informed);
  }

  /**
   * What is observed: what is complete less what is lost. Far from the maximum, and by few votes,
   * the likelihood may not be concave; then as much is taken off as leaves it so.
   *
   * @param left the part of what is complete that has to be left at least, in every direction
   */
  static RealMatrix bread(Evidence evidence, double left) {
    for (double part = 1; part > 0; part -= LOST_STEP) {
      RealMatrix lost = evidence.lost().scalarMultiply(part);
      RealMatrix most = evidence.complete().scalarMultiply(1 - left);
      if (Population.positive(ridged(most.subtract(lost)))) {
        return ridged(evidence.complete().subtract(lost));
      }
    }
    return ridged(evidence.complete());
  }

  /** What votes say nothing of, such as a place nobody noted, has next to no information. */
  private static RealMatrix ridged(RealMatrix matrix) {
    return matrix.add(
        MatrixUtils.createRealIdentityMatrix(matrix.getRowDimension()).scalarMultiply(RIDGE));
  }
}
