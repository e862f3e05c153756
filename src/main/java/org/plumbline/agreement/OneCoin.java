package org.plumbline.agreement;

import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Every worker j has one number, the probability a_j of giving the right label, and errs equally
 * often toward each of the wrong ones ("one coin"): Dawid and Skene, "Maximum likelihood estimation
 * of observer error-rates using the EM algorithm" (Applied Statistics 28, 1979), simplified as in
 * Raykar et al., "Learning from crowds" (JMLR 11, 2010).
 *
 * <p>E-step: P(c) is proportional to p_c times the product over answers l of a_j if l = c, else (1
 * - a_j) / (C - 1), each to the power of the answer's weight. M-step: a_j = (k m + weight of
 * answers expected to be right) / (k + weight of answers), the posterior mean under a Beta of mean
 * m and strength k; p_c is the mean of P(c), if it is learned. Workers without a name have a = m.
 */
public final class OneCoin implements AnnotatorModel {
  private final FitSettings settings;
  private final double[] accuracies;
  private final double[] logPriors;

  private OneCoin(FitSettings settings, double[] accuracies, double[] logPriors) {
    this.settings = settings;
    this.accuracies = accuracies;
    this.logPriors = logPriors;
  }

  /** Before anything is known; {@code workers} is {@link Workers#size()}. */
  public static OneCoin prior(FitSettings settings, int classes, int workers) {
    double[] accuracies = new double[workers];
    Arrays.fill(accuracies, settings.prior().mean());
    return new OneCoin(settings, accuracies, new double[classes]);
  }

  /** Fits workers and labels to {@code items}, which are read once a round: persist them. */
  public static Fit<OneCoin> fit(
      JavaRDD<LabelledItem> items,
      int classes,
      int workers,
      FitSettings settings,
      Fit.Listener listener) {
    return Fit.of(
        prior(settings, classes, workers),
        model -> model.refit(items),
        OneCoin::distance,
        settings,
        listener);
  }

  /** One round of expectation and maximisation. */
  OneCoin refit(JavaRDD<LabelledItem> items) {
    int workers = accuracies.length;
    int classes = logPriors.length;
    Broadcast<OneCoin> model = JavaSparkContext.fromSparkContext(items.context()).broadcast(this);
    // Below the workers' rows, a row for each label.
    double[] sums =
        Sums.over(items, workers + classes, 2, (item, table) -> model.value().tally(item, table));
    model.destroy();
    double[] refitted = new double[workers];
    Arrays.setAll(refitted, w -> settings.prior().after(sums[2 * w], sums[2 * w + 1]));
    refitted[Workers.UNNAMED] = settings.prior().mean();
    double[] counts = new double[classes];
    Arrays.setAll(counts, c -> sums[2 * (workers + c)]);
    return new OneCoin(settings, refitted, LogSpace.logPriors(counts, settings.classPrior()));
  }

  private void tally(LabelledItem item, Sums sums) {
    double[] posterior = item.believed(logPriors.length, () -> posterior(item));
    Majority.agree(item, posterior, sums);
    for (int c = 0; c < posterior.length; c++) {
      sums.add(accuracies.length + c, 0, posterior[c]);
    }
  }

  @Override
  public double[] posterior(LabelledItem item) {
    double[] logs = logPriors.clone();
    for (int i = 0; i < item.size(); i++) {
      double a = LogSpace.believable(accuracies[item.workers()[i]]);
      // Relative to a wrong answer, which is the same factor for every other label.
      logs[item.labels()[i]] += item.weights()[i] * Math.log(a * (logs.length - 1) / (1 - a));
    }
    return LogSpace.softmax(logs);
  }

  @Override
  public double reliability(int worker) {
    return accuracies[worker];
  }

  private static double distance(OneCoin before, OneCoin after) {
    return LogSpace.distance(before.accuracies, after.accuracies);
  }
}
