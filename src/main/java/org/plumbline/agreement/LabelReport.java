package org.plumbline.agreement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How far the people behind a table of labels agree, and how right the labels are that are made of
 * theirs. Numbers are NaN where there is nothing to tell.
 *
 * @param rows of the table
 * @param incomplete rows without an item or a label, which count for nothing
 * @param repeated rows that say again what a named worker said of an item, and do not count
 * @param contradictions how often a named worker gave one item several labels, which all count
 * @param workers who are named
 * @param labels that occur: rising numbers, or texts in order
 * @param agreement over all items
 * @param cohen of pairs of those who answered most
 * @param methods each way to make one label of many
 * @param truth what is known of the truth, if any was given
 */
public record LabelReport(
    long rows,
    long incomplete,
    long repeated,
    long contradictions,
    long workers,
    List<String> labels,
    AgreementStatistics agreement,
    PairwiseKappas cohen,
    List<Method> methods,
    Optional<Truth> truth) {
  private static final StructType LABEL =
      new StructType()
          .add("item", DataTypes.StringType, false)
          .add("method", DataTypes.StringType, false)
          .add("label", DataTypes.StringType, false)
          .add("probability", DataTypes.DoubleType, false);

  /**
   * How models are fitted.
   *
   * @param iterations most rounds, at least 1
   * @param smoothing what is added to each cell of a worker's confusions (Dawid-Skene), above 0
   */
  public record Options(int iterations, double smoothing) {
    /** Rounds that move nothing by more are the last. */
    private static final double TOLERANCE = 1e-6;

    /** Checks the bounds. */
    public Options {
      if (iterations < 1) {
        throw new IllegalArgumentException(
            "Invalid --iterations: " + iterations + " (must be >= 1)");
      }
      if (!(smoothing > 0 && smoothing < 1e6)) {
        throw new IllegalArgumentException(
            "Invalid --smoothing: " + smoothing + " (must be > 0 and < 1e6)");
      }
    }

    FitSettings settings(AnnotatorPrior prior) {
      return new FitSettings(prior, ClassPrior.LEARNED, iterations, TOLERANCE);
    }
  }

  /**
   * One way to make one label of many.
   *
   * @param name of the method
   * @param fitted whether memory was enough to fit it
   * @param rounds of expectation and maximisation
   * @param settled whether the last round moved next to nothing
   * @param accuracy share of the scored items whose label is right, a tie counting in part; empty
   *     without a truth
   */
  public record Method(
      String name, boolean fitted, int rounds, boolean settled, Optional<Double> accuracy) {}

  /**
   * What is known of the truth.
   *
   * @param scored items with answers and a truth
   * @param unknown items with answers and no truth, which are not counted
   * @param unanswered items with a truth and no answers
   */
  public record Truth(long scored, long unknown, long unanswered) {}

  /**
   * Measures a table.
   *
   * @param answers columns item, worker (null is nobody), label, all strings
   * @param truth columns item, truth, both strings
   * @param writer is given the labels that methods made (item, method, label, probability): of
   *     several most probable ones the first
   * @throws IllegalArgumentException if no row has an item and a label, there are more than {@value
   *     LabelTable#MOST_LABELS} labels, or an item has several truths
   */
  public static LabelReport of(
      Dataset<Row> answers,
      Optional<Dataset<Row>> truth,
      Options options,
      Optional<Consumer<Dataset<Row>>> writer) {
    try (LabelTable table = LabelTable.of(answers)) {
      Optional<LabelTruth> right = truth.map(rows -> LabelTruth.of(rows, table.labels()));
      List<Fitted> fits = fits(table, options, right);
      AgreementStatistics agreement =
          AgreementStatistics.of(
              table.items(),
              table.labels().classes(),
              table.labels().numeric() ? table.labels().values() : null);
      writer.ifPresent(w -> w.accept(labels(answers.sparkSession(), table, fits)));
      return new LabelReport(
          table.rows(),
          table.rows() - table.complete(),
          table.complete() - agreement.answers(),
          table.contradictions(),
          table.workers().size() - 1,
          table.labels().names(),
          agreement,
          PairwiseKappas.of(table.items(), table.workers(), table.labels().classes()),
          fits.stream().map(Fitted::method).toList(),
          right.map(known -> counted(known, fits, agreement.items())));
    }
  }

  private record Fitted(
      Method method, Optional<AnnotatorModel> model, Optional<LabelTruth.Score> score) {}

  private static List<Fitted> fits(LabelTable table, Options options, Optional<LabelTruth> truth) {
    List<Fitted> fits = new ArrayList<>();
    for (LabelMethod method : LabelMethod.values()) {
      if (method.fits(table)) {
        Fit<? extends AnnotatorModel> fit = method.fit(table, options);
        Optional<LabelTruth.Score> score =
            truth.map(known -> known.score(fit.model().posteriors(table.items())));
        Optional<Double> accuracy = score.map(LabelTruth.Score::accuracy);
        fits.add(
            new Fitted(
                new Method(method.toString(), true, fit.rounds(), fit.settled(), accuracy),
                Optional.of(fit.model()),
                score));
      } else {
        Method none = new Method(method.toString(), false, 0, false, Optional.empty());
        fits.add(new Fitted(none, Optional.empty(), Optional.empty()));
      }
    }
    return fits;
  }

  private static Truth counted(LabelTruth truth, List<Fitted> fits, long items) {
    long scored = fits.get(0).score().orElseThrow().scored();
    return new Truth(scored, items - scored, truth.labels().count() - scored);
  }

  private static Dataset<Row> labels(SparkSession spark, LabelTable table, List<Fitted> fits) {
    Dataset<Row> labels = spark.createDataFrame(List.of(), LABEL);
    for (Fitted fitted : fits) {
      if (fitted.model().isPresent()) {
        JavaRDD<Row> rows =
            labels(fitted.method().name(), fitted.model().get(), table.items(), table.labels());
        labels = labels.union(spark.createDataFrame(rows, LABEL));
      }
    }
    return labels;
  }

  private static JavaRDD<Row> labels(
      String method, AnnotatorModel model, JavaRDD<LabelledItem> items, LabelSet labels) {
    return model
        .posteriors(items)
        .map(
            item -> {
              int best = LabelTruth.best(item._2());
              return RowFactory.create(
                  item._1(), method, labels.names().get(best), item._2()[best]);
            });
  }
}
