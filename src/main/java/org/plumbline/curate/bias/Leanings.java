package org.plumbline.curate.bias;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Log-odds that a {@link QualityFit} finds, overall and of each annotator. */
final class Leanings {
  /** Fewer have no one in the middle to be compared with. */
  private static final int ENOUGH_TO_COMPARE = 3;

  /** Variance of a median over that of a mean, of normal errors; and deviation over median. */
  private static final double MEDIAN_VARIANCE = Math.PI / 2;

  private static final double DEVIATIONS = 1.4826;

  private final Catalog catalog;
  private final QualityFit fit;
  private final Map<Integer, Population.Posterior> posteriors = new TreeMap<>();

  private final int minVotes;

  Leanings(Catalog catalog, QualityFit fit, int minVotes) {
    this.catalog = catalog;
    this.fit = fit;
    this.minVotes = minVotes;
    fit.own()
        .forEach(
            (k, own) ->
                posteriors.put(
                    k, fit.population().of(fit.evidence().get(k), minVotes).posterior(own)));
  }

  /** The mean over annotators of each coefficient. */
  List<BiasEstimate> overall(JavaRDD<Ballots> prompts, Shares shares) {
    double[] variance = variance(prompts);
    List<BiasEstimate> found = new ArrayList<>();
    for (int i = Quality.FIRST; i < variance.length; i++) {
      long n = shares.votes(null, i - Quality.FIRST);
      if (n > 0) {
        double error = Math.sqrt(variance[i]);
        double mean = fit.population().mean().getEntry(i);
        found.add(Intervals.logOdds(bias(i), null, subject(i), mean, error, n));
      }
    }
    return found;
  }

  /**
   * The mean is sum omega_k estimate_k, with omega_k = (sum W)^-1 W_k. Its variance is that of the
   * sum of omega_k I_k^-1 score over clusters, all annotators of a prompt together, and what comes
   * from annotators' being different: sum omega_k T omega_k.
   */
  private double[] variance(JavaRDD<Ballots> prompts) {
    RealMatrix total = Population.inverse(fit.population().totalWeight(fit.own().values()));
    int d = fit.quality().dimensions();
    double votes = fit.evidence().values().stream().mapToDouble(Evidence::votes).sum();
    double[][][] influence = new double[catalog.annotators().size()][][];
    double[] variance = new double[d];
    fit.own()
        .forEach(
            (k, own) -> {
              RealMatrix omega = total.multiply(fit.population().weight(own));
              RealMatrix between =
                  omega.multiply(fit.population().covariance()).multiply(omega.transpose());
              for (int i = 0; i < d; i++) {
                variance[i] += between.getEntry(i, i);
              }
              RealMatrix bread = Population.inverse(QualityFit.bread(fit.evidence().get(k), 0));
              influence[k] = omega.multiply(bread).scalarMultiply(votes).getData();
            });
    double[] within = squares(prompts, fit.quality(), influence);
    for (int i = 0; i < d; i++) {
      variance[i] += within[i] / (votes * votes);
    }
    return variance;
  }

  private static double[] squares(
      JavaRDD<Ballots> prompts, Quality quality, double[][][] influence) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(prompts.context());
    Broadcast<Quality> sent = spark.broadcast(quality);
    Broadcast<double[][][]> weights = spark.broadcast(influence);
    double[] squares =
        Sums.real(
                prompts,
                (Ballots ballots, Sums<Integer> sums) -> {
                  double[] sum = new double[sent.value().dimensions()];
                  Evidence.scores(ballots, sent.value())
                      .forEach((k, score) -> addProduct(weights.value()[k], score, sum));
                  for (int i = 0; i < sum.length; i++) {
                    sum[i] *= sum[i];
                  }
                  sums.add(0, sum);
                })
            .get(0);
    sent.destroy();
    weights.destroy();
    return squares;
  }

  private static void addProduct(double[][] matrix, double[] vector, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      for (int j = 0; j < vector.length; j++) {
        sum[i] += matrix[i][j] * vector[j];
      }
    }
  }

  /** Each annotator's own, where votes are enough. */
  List<BiasEstimate> byAnnotator(Shares shares) {
    List<BiasEstimate> found = new ArrayList<>();
    for (int i = Quality.FIRST; i < fit.quality().dimensions(); i++) {
      int coefficient = i;
      // Order is drawn by lot, so that its effect is nobody's view of quality.
      Optional<Middle> middle =
          i == Quality.FIRST ? Optional.of(new Middle(0, 0)) : middle(coefficient);
      middle.ifPresent(
          usual ->
              posteriors.forEach(
                  (k, own) -> {
                    long n = shares.votes(k, coefficient - Quality.FIRST);
                    if (k > 0 && n >= minVotes) {
                      found.add(estimate(k, own, coefficient, usual, n));
                    }
                  }));
    }
    return found;
  }

  private BiasEstimate estimate(
      int k, Population.Posterior own, int coefficient, Middle usual, long n) {
    return Intervals.logOdds(
        bias(coefficient),
        catalog.annotators().get(k),
        subject(coefficient),
        usual.own(own.mean(), coefficient),
        Math.sqrt(usual.variance(own, coefficient)),
        n);
  }

  /**
   * What the annotator in the middle sees as quality: a coefficient is gamma a_k for all who lean
   * to nothing, since what goes with quality, each sees as closely as quality.
   *
   * @param gamma quality, in deviations, that goes with one unit
   * @param variance of gamma
   */
  private record Middle(double gamma, double variance) {
    double own(RealVector parameters, int coefficient) {
      return parameters.getEntry(coefficient) - gamma * parameters.getEntry(Quality.FOLLOWS);
    }

    double variance(Population.Posterior own, int coefficient) {
      double follows = own.mean().getEntry(Quality.FOLLOWS);
      RealMatrix v = own.covariance();
      return v.getEntry(coefficient, coefficient)
          - 2 * gamma * v.getEntry(coefficient, Quality.FOLLOWS)
          + gamma * gamma * v.getEntry(Quality.FOLLOWS, Quality.FOLLOWS)
          + follows * follows * variance;
    }
  }

  private record Ratio(double value, double weight) {}

  /** Gamma by least absolute deviations, which a minority that leans does not move far. */
  private Optional<Middle> middle(int coefficient) {
    List<Population.Posterior> named =
        posteriors.entrySet().stream()
            .filter(each -> each.getKey() > 0)
            .filter(each -> fit.evidence().get(each.getKey()).votes() >= minVotes)
            .map(Map.Entry::getValue)
            .toList();
    if (named.size() < ENOUGH_TO_COMPARE) {
      return Optional.empty();
    }
    List<Ratio> ratios = new ArrayList<>();
    for (Population.Posterior own : named) {
      double follows = own.mean().getEntry(Quality.FOLLOWS);
      double error = Math.sqrt(own.covariance().getEntry(coefficient, coefficient));
      ratios.add(new Ratio(own.mean().getEntry(coefficient) / follows, Math.abs(follows) / error));
    }
    Middle certain = new Middle(median(ratios), 0);
    List<Ratio> offs = new ArrayList<>();
    for (Population.Posterior own : named) {
      offs.add(new Ratio(Math.abs(certain.own(own.mean(), coefficient)), 1));
    }
    double deviation = DEVIATIONS * median(offs);
    double information = 0;
    for (Population.Posterior own : named) {
      double follows = own.mean().getEntry(Quality.FOLLOWS);
      information +=
          follows * follows / Math.max(deviation * deviation, certain.variance(own, coefficient));
    }
    return Optional.of(new Middle(certain.gamma(), MEDIAN_VARIANCE / information));
  }

  private static double median(List<Ratio> ratios) {
    List<Ratio> sorted = ratios.stream().sorted(Comparator.comparing(Ratio::value)).toList();
    double half = sorted.stream().mapToDouble(Ratio::weight).sum() / 2;
    int i = 0;
    for (double below = sorted.get(0).weight(); below < half; below += sorted.get(i).weight()) {
      i++;
    }
    return sorted.get(i).value();
  }

  private static String bias(int coefficient) {
    return coefficient == Quality.FIRST
        ? "position"
        : coefficient == Quality.LONGER ? "length" : "model";
  }

  private String subject(int coefficient) {
    return coefficient < Quality.MODELS ? null : catalog.models().get(coefficient - Quality.MODELS);
  }
}
