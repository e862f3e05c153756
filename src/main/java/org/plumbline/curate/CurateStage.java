package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.plumbline.config.CurateSettings;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;
import org.plumbline.table.AnnotatorsTable;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.PairsTable;
import org.plumbline.table.Split;
import scala.Tuple2;

/**
 * Turns judgments of all kinds into preference pairs with the probability that they are right, and
 * says of each annotator how far to believe them and what they lean toward.
 */
public final class CurateStage {
  /** When no annotator's accuracy moves by more, further rounds would change nothing. */
  private static final double SETTLED = 1e-6;

  private final SparkSession spark;
  private final StageContext context;
  private final CurateSettings settings;

  /** Reads the feedback table of {@code context.run()}. */
  public CurateStage(StageContext context) {
    this.context = context;
    this.spark = context.spark();
    this.settings = context.settings().curate();
  }

  /**
   * What came out. Shares are in [0, 1], and null where there is nothing to take a share of.
   *
   * @param pairs pairs written: {@code trainPairs + heldOutPairs}
   * @param trainPairs pairs to learn from
   * @param heldOutPairs pairs to measure on
   * @param dropsByReason pairs of responses that were judged but are no preference pairs
   * @param judgmentsByKind all judgments
   * @param unusedByKind judgments that compare nothing, such as a rating without another
   * @param disagreement of the doubly judged, the share whose votes do not all say the same
   * @param doublyJudged pairs of responses with two votes or more
   * @param annotators annotators that are named
   * @param longerPreferred share of comparisons that the longer response won
   * @param firstPreferred share of comparisons that the response shown first won
   * @param meanProbability mean P(chosen is better) of the pairs
   * @param rounds rounds of expectation-maximisation until accuracies settled
   */
  public record Result(
      long pairs,
      long trainPairs,
      long heldOutPairs,
      Map<String, Long> dropsByReason,
      Map<String, Long> judgmentsByKind,
      Map<String, Long> unusedByKind,
      Double disagreement,
      long doublyJudged,
      long annotators,
      Double longerPreferred,
      Double firstPreferred,
      Double meanProbability,
      int rounds) {}

  /** Reads judgments, fits the annotators, writes pairs and annotators, and counts. */
  public Result execute() {
    try (Progress.Bar bar = context.progress().begin("curate", settings.iterations() + 3L)) {
      step(bar, 0, "judgments");
      Dataset<Row> feedback =
          FeedbackTable.TABLE.read(spark, context.run().at("feedback/judgments"));
      Census census = Census.of(feedback);
      JavaRDD<Row> items = items(feedback, census).persist(StorageLevel.MEMORY_AND_DISK());
      Fit fit = fit(items, bar);
      step(bar, settings.iterations() + 1L, "annotators");
      Map<String, Habits> habits = Habits.measure(items);
      writeAnnotators(census, fit.model(), habits);
      step(bar, settings.iterations() + 2L, "pairs");
      JavaRDD<Row> resolved = items.map(new Resolution(fit.model(), settings.minProbability()));
      writePairs(resolved);
      Habits all = habits.values().stream().reduce(Habits.NONE, Habits::plus);
      Result result = result(census, items, resolved, all, fit.rounds());
      items.unpersist();
      step(bar, settings.iterations() + 3L, result.pairs() + " pairs");
      return result;
    }
  }

  private JavaRDD<Row> items(Dataset<Row> feedback, Census census) {
    Calibration calibration =
        Calibration.fit(census.ratings(), census.allRatings(), settings.annotatorPrior());
    return feedback
        .groupByKey((MapFunction<Row, String>) row -> row.getAs("prompt_id"), Encoders.STRING())
        .flatMapGroups(PromptItems.with(calibration), Encoders.row(Item.TYPE))
        .javaRDD();
  }

  private record Fit(OneCoin model, int rounds) {}

  private Fit fit(JavaRDD<Row> items, Progress.Bar bar) {
    OneCoin model = OneCoin.prior(settings.annotatorAccuracy(), settings.annotatorPrior());
    for (int round = 1; round <= settings.iterations(); round++) {
      step(bar, round, "whom to believe, round " + round);
      OneCoin refitted = model.refit(items);
      double change = refitted.changeSince(model);
      model = refitted;
      if (change < SETTLED) {
        return new Fit(model, round);
      }
    }
    return new Fit(model, settings.iterations());
  }

  private void writePairs(JavaRDD<Row> resolved) {
    int drop = Resolution.TYPE.fieldIndex("drop");
    PairsTable.TABLE.write(
        spark.createDataFrame(resolved.filter(row -> row.isNullAt(drop)), Resolution.TYPE),
        context.run().at("pairs"));
  }

  private void writeAnnotators(Census census, OneCoin model, Map<String, Habits> habits) {
    List<Row> rows = new ArrayList<>();
    census
        .judgments()
        .forEach(
            (annotator, judgments) -> {
              Habits own = habits.getOrDefault(annotator, Habits.NONE);
              Calibration.Sums ratings = census.ratings().get(annotator);
              rows.add(
                  RowFactory.create(
                      annotator,
                      judgments,
                      model.accuracy(Optional.of(annotator)),
                      own.agreement().value(),
                      own.longer().value(),
                      own.first().value(),
                      ratings == null ? null : ratings.mean()));
            });
    AnnotatorsTable.TABLE.write(
        spark.createDataFrame(rows, AnnotatorsTable.TABLE.schema()),
        context.run().at("annotators"));
  }

  private Result result(
      Census census, JavaRDD<Row> items, JavaRDD<Row> resolved, Habits habits, int rounds) {
    Counts counts = Counts.of(resolved);
    return new Result(
        counts.pairs(),
        counts.pairsBySplit().getOrDefault(Split.TRAIN, 0L),
        counts.pairsBySplit().getOrDefault(Split.HELD_OUT, 0L),
        counts.drops(),
        census.judgmentsByKind(),
        unused(census, items),
        counts.disagreement(),
        counts.doublyJudged(),
        census.judgments().size(),
        habits.longer().value(),
        habits.first().value(),
        counts.meanProbability(),
        rounds);
  }

  private static Map<String, Long> unused(Census census, JavaRDD<Row> items) {
    Map<String, Long> unused = new TreeMap<>(census.judgmentsByKind());
    items
        .flatMapToPair(row -> Item.votes(row).stream().flatMap(CurateStage::used).iterator())
        .distinct()
        .values()
        .countByValue()
        .forEach((kind, judgments) -> unused.merge(kind, -judgments, Long::sum));
    unused.values().removeIf(judgments -> judgments == 0);
    return unused;
  }

  private static Stream<Tuple2<String, String>> used(Vote vote) {
    return vote.judgments().stream().map(judgment -> Tuple2.apply(judgment, vote.kind()));
  }

  private void step(Progress.Bar bar, long done, String what) {
    spark.sparkContext().setJobDescription("curate: " + what);
    bar.at(done, what);
  }
}
