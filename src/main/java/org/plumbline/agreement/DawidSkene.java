package org.plumbline.agreement;

import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Every worker j has a whole table of confusions: pi_j[c][l] is the probability of saying l where c
 * is true. Dawid and Skene, "Maximum likelihood estimation of observer error-rates using the EM
 * algorithm" (Applied Statistics 28, 1979), eq. 2.3 to 2.5, begun from shares of votes.
 *
 * <p>M-step: pi_j[c][l] is proportional to the sum over items of P(c) times the weight of j's
 * answers l, plus k m if l = c, else plus k (1 - m) / (C - 1), for a prior of mean m and strength
 * k; p_c is the mean of P(c), if it is learned. E-step: P(c) is proportional to p_c times the
 * product over answers l of pi_j[c][l] to the power of the answer's weight. Workers without a name
 * have the mean of the prior. Needs 8 C^2 bytes a worker, on the driver and on each executor.
 */
public final class DawidSkene implements AnnotatorModel {
  private static final int MOST_CELLS = 1 << 26;

  private final FitSettings settings;

  /** Shape [W, C, C]: worker, truth, answer. */
  private final double[] confusions;

  /** Shape [C]. */
  private final double[] priors;

  private DawidSkene(FitSettings settings, double[] confusions, double[] priors) {
    this.settings = settings;
    this.confusions = confusions;
    this.priors = priors;
  }

  /**
   * Fits workers and labels to {@code items}, which are read once a round: persist them.
   *
   * @throws IllegalArgumentException if so many workers and labels do not fit into memory
   */
  public static Fit<DawidSkene> fit(
      JavaRDD<LabelledItem> items,
      int classes,
      int workers,
      FitSettings settings,
      Fit.Listener listener) {
    if (!fits(classes, workers)) {
      throw new IllegalArgumentException(
          "Cannot fit Dawid-Skene: %d workers times %d labels squared is too much (one coin fits)"
              .formatted(workers, classes));
    }
    double[] byVotes = counts(items, classes, workers, item -> Majority.shares(item, classes));
    return Fit.of(
        maximised(byVotes, classes, settings),
        model -> model.refit(items),
        (before, after) -> LogSpace.distance(before.confusions, after.confusions),
        settings,
        listener);
  }

  /** Whether tables of so many workers and labels fit into memory. */
  static boolean fits(int classes, int workers) {
    return (long) classes * classes * workers <= MOST_CELLS;
  }

  private interface Belief extends java.io.Serializable {
    double[] of(LabelledItem item);
  }

  private DawidSkene refit(JavaRDD<LabelledItem> items) {
    int classes = priors.length;
    int workers = confusions.length / (classes * classes);
    Broadcast<DawidSkene> model =
        JavaSparkContext.fromSparkContext(items.context()).broadcast(this);
    double[] counts = counts(items, classes, workers, item -> model.value().posterior(item));
    model.destroy();
    return maximised(counts, classes, settings);
  }

  /** Expected counts: shape [W, C, C], and one more row whose first C are counts of the truth. */
  private static double[] counts(
      JavaRDD<LabelledItem> items, int classes, int workers, Belief belief) {
    return Sums.over(
        items,
        workers + 1,
        classes * classes,
        (item, sums) -> {
          double[] posterior = item.believed(classes, () -> belief.of(item));
          for (int c = 0; c < classes; c++) {
            sums.add(workers, c, posterior[c]);
            for (int i = 0; i < item.size(); i++) {
              sums.add(
                  item.workers()[i],
                  c * classes + item.labels()[i],
                  posterior[c] * item.weights()[i]);
            }
          }
        });
  }

  private static DawidSkene maximised(double[] counts, int classes, FitSettings settings) {
    int cells = counts.length - classes * classes;
    double[] confusions = new double[cells];
    for (int row = 0; row < cells; row += classes) {
      int truth = row / classes % classes;
      boolean named = row >= classes * classes;
      double total = named ? Arrays.stream(counts, row, row + classes).sum() : 0;
      for (int l = 0; l < classes; l++) {
        confusions[row + l] =
            expected(settings.prior(), l == truth, classes)
                .after(named ? counts[row + l] : 0, total);
      }
    }
    double[] truths = Arrays.copyOfRange(counts, cells, cells + classes);
    double[] logPriors = LogSpace.logPriors(truths, settings.classPrior());
    return new DawidSkene(settings, confusions, LogSpace.softmax(logPriors));
  }

  /** The prior of one cell of a row. */
  private static AnnotatorPrior expected(AnnotatorPrior prior, boolean right, int classes) {
    return right ? prior : new AnnotatorPrior((1 - prior.mean()) / (classes - 1), prior.strength());
  }

  /** P(the worker says {@code answer} | {@code truth}). */
  public double confusion(int worker, int truth, int answer) {
    return confusions[(worker * priors.length + truth) * priors.length + answer];
  }

  @Override
  public double[] posterior(LabelledItem item) {
    double[] logs = new double[priors.length];
    for (int c = 0; c < logs.length; c++) {
      logs[c] = Math.log(priors[c]);
      for (int i = 0; i < item.size(); i++) {
        double p = confusion(item.workers()[i], c, item.labels()[i]);
        logs[c] += item.weights()[i] * Math.log(Math.max(p, LogSpace.SMALLEST_FACTOR));
      }
    }
    return LogSpace.softmax(logs);
  }

  /** The sum over labels c of p_c pi[c][c]. */
  @Override
  public double reliability(int worker) {
    double sum = 0;
    for (int c = 0; c < priors.length; c++) {
      sum += priors[c] * confusion(worker, c, c);
    }
    return sum;
  }
}
