package org.plumbline.curate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;

/**
 * How far each annotator can be believed: Dawid and Skene, "Maximum likelihood estimation of
 * observer error-rates using the EM algorithm" (Applied Statistics 28, 1979), simplified to one
 * number an annotator, the probability a_j of preferring the better side ("one coin"; Raykar et
 * al., "Learning from crowds", JMLR 11, 2010).
 *
 * <p>E-step: log-odds that left is better = sum over votes of preference * logit(a_j). M-step: a_j
 * = (k m + sum of weights of votes for the better side) / (k + sum of weights), the mean of a Beta
 * with prior mean m and strength k; a vote's side is the better one with the probability of the
 * E-step. Votes weigh |preference|, so that ties move nothing. Whoever is not named has a_j = m.
 */
record OneCoin(double priorMean, double priorStrength, Map<String, Double> accuracies)
    implements Belief {
  /** Beliefs stay below certainty, so that no annotator outweighs all others together. */
  private static final double CERTAIN = 0.999;

  /** Sums are whole billionths: they come out the same in whatever order they are added. */
  private static final double UNIT = 1e9;

  /** Before anything is known. */
  static OneCoin prior(double mean, double strength) {
    return new OneCoin(mean, strength, Map.of());
  }

  @Override
  public double reliability(Optional<String> annotator) {
    return accuracy(annotator.orElse(null));
  }

  @Override
  public boolean knows(String annotator) {
    return accuracies.containsKey(annotator);
  }

  private double accuracy(String worker) {
    return worker == null ? priorMean : accuracies.getOrDefault(worker, priorMean);
  }

  @Override
  public double[] leftBetter(List<Ballots> questions) {
    return questions.stream().mapToDouble(this::leftBetter).toArray();
  }

  /** P(left is better), in [0, 1]. */
  private double leftBetter(Ballots question) {
    double logOdds = 0;
    for (int i = 0; i < question.workers().length; i++) {
      double a = Math.min(CERTAIN, Math.max(1 - CERTAIN, accuracy(question.workers()[i])));
      logOdds += question.preferences()[i] * Math.log(a / (1 - a));
    }
    return 1 / (1 + Math.exp(-logOdds));
  }

  /** One round of expectation and maximisation; what is known to be right is believed. */
  OneCoin refit(JavaRDD<Ballots> questions) {
    Map<String, Double> refitted = new HashMap<>();
    Tally.sum(questions, this::tally)
        .forEach(
            (annotator, sums) -> {
              double total = priorStrength + sums[1] / UNIT;
              double right = priorStrength * priorMean + sums[0] / UNIT;
              refitted.put(annotator, total > 0 ? right / total : priorMean);
            });
    return new OneCoin(priorMean, priorStrength, refitted);
  }

  /** Of each annotator: weight of votes expected to be right, and weight of all votes. */
  private void tally(Ballots question, Tally tally) {
    double left = Settlement.known(question.truth(), leftBetter(question));
    for (int i = 0; i < question.workers().length; i++) {
      if (question.workers()[i] != null) {
        double preference = question.preferences()[i];
        double weight = Math.abs(preference);
        double right = preference > 0 ? left : 1 - left;
        tally.add(
            question.workers()[i], Math.round(weight * right * UNIT), Math.round(weight * UNIT));
      }
    }
  }

  /** The largest change of any annotator's accuracy since {@code before}. */
  double changeSince(OneCoin before) {
    return accuracies.keySet().stream()
        .mapToDouble(name -> accuracy(name) - before.accuracy(name))
        .map(Math::abs)
        .max()
        .orElse(0);
  }
}
