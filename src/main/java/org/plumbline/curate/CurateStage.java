package org.plumbline.curate;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.plumbline.config.CurateSettings;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.table.BiasesTable;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.PairsIdentity;
import org.plumbline.table.PairsTable;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.RatingsTable;
import org.plumbline.table.RejectsTable;
import org.plumbline.table.Split;
import org.plumbline.table.Table;
import org.plumbline.table.UnpairedTable;
import org.plumbline.table.VotesTable;

/**
 * Turns judgments of all kinds into preference pairs with the probability that they are right, and
 * says of each annotator how far to believe them and what they lean toward.
 */
public final class CurateStage {
  private static final int STEPS_BESIDE_ROUNDS = 5;

  private final SparkSession spark;
  private final StageContext context;
  private final CurateSettings settings;
  private final RunFolder output;

  /** Reads the feedback table of {@code context.run()}. */
  public CurateStage(StageContext context) {
    this(context, context.run());
  }

  /** The same, but writing to another folder. */
  CurateStage(StageContext context, RunFolder output) {
    this.context = context;
    this.spark = context.spark();
    this.settings = context.settings().curate();
    this.output = output;
  }

  /**
   * What came out. Shares are in [0, 1], and null where there is nothing to take a share of.
   *
   * @param pairs pairs written: {@code trainPairs + heldOutPairs}
   * @param trainPairs pairs to learn from
   * @param heldOutPairs pairs to measure on
   * @param dropsByReason pairs and single responses that were judged but are in no table
   * @param judgmentsByKind all judgments
   * @param unusedByKind judgments that compare nothing and say nothing of a response by itself,
   *     such as a critique without a revision
   * @param disagreement of the doubly judged, the share on which annotators do not all say the same
   * @param doublyJudged pairs of responses that two annotators or more have voted on
   * @param annotators annotators that are named
   * @param longerPreferred share of comparisons that the longer response won
   * @param firstPreferred share of comparisons that the response shown first won
   * @param meanProbability mean P(chosen is better) of the pairs
   * @param rounds rounds of expectation-maximisation until accuracies settled
   * @param method what gave the probabilities
   * @param methodMeans what that is, in a sentence
   * @param acceptable unpaired rows that are acceptable
   * @param unacceptable unpaired rows that are not
   * @param rated rows of rated responses
   * @param leftOut what limits on one prompt left out, by limit
   * @param flagged annotators who break a rule against spam
   * @param excluded judgments of those, if they were left out
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
      int rounds,
      String method,
      String methodMeans,
      long acceptable,
      long unacceptable,
      long rated,
      Map<String, Long> leftOut,
      long flagged,
      long excluded) {}

  /** Reads judgments, fits the annotators, writes all tables of curation, and counts. */
  public Result execute() {
    return execute(FeedbackTable.TABLE.read(spark, context.run().at("feedback/judgments")));
  }

  Result execute(Dataset<Row> feedback) {
    long steps = settings.iterations() + STEPS_BESIDE_ROUNDS;
    try (Progress.Bar bar = context.progress().begin("curate", steps)) {
      Fitting fitting =
          new Fitting(settings, round -> step(bar, round, "whom to believe, round " + round));
      step(bar, 0, "hygiene");
      Hygienic clean = new Hygienic(spark, output, settings.hygiene(), feedback, prompts());
      step(bar, 0, "votes");
      try (Pass pass = Pass.through(clean, settings, output, fitting)) {
        step(bar, steps - 4, "biases");
        Dataset<Row> votes = VotesTable.TABLE.read(spark, output.at("votes"));
        Mitigated mitigated = Mitigated.of(pass, votes, settings.bias(), fitting);
        step(bar, steps - 3, "pairs");
        Result result = write(pass, clean, mitigated, counts(feedback, "kind"));
        clean.release();
        step(bar, steps, result.pairs() + " pairs");
        return result;
      }
    }
  }

  private Dataset<Row> prompts() {
    return context.run().has("prompts")
        ? PromptsTable.TABLE.read(spark, context.run().at("prompts"))
        : PromptsTable.TABLE.empty(spark);
  }

  private Map<String, Long> rejects() {
    return context.run().has("rejects")
        ? counts(RejectsTable.TABLE.read(spark, context.run().at("rejects")), "reason")
        : Map.of();
  }

  private static Map<String, Long> counts(Dataset<Row> rows, String column) {
    Map<String, Long> counts = new TreeMap<>();
    for (Row row : rows.groupBy(column).count().collectAsList()) {
      counts.put(row.getString(0), row.getLong(1));
    }
    return counts;
  }

  private Result write(
      Pass pass, Hygienic clean, Mitigated mitigated, Map<String, Long> judgmentsByKind) {
    Dataset<Row> dossiers = pass.dossiers().rows();
    PairRows pairs = new PairRows(mitigated.settlement(), settings);
    UnpairedRows unpaired = new UnpairedRows(pass.verdicts().belief(), settings);
    write(PairsTable.TABLE, clean.pairs(made(PairsTable.TABLE, dossiers, "items", pairs)), "pairs");
    write(
        UnpairedTable.TABLE, made(UnpairedTable.TABLE, dossiers, "verdicts", unpaired), "unpaired");
    RatingRows ratings = new RatingRows(mitigated.settlement().belief(), settings);
    write(RatingsTable.TABLE, made(RatingsTable.TABLE, dossiers, "ratings", ratings), "ratings");
    write(BiasesTable.TABLE, mitigated.biases().rows(spark), "biases");
    pass.panel().write(spark, output.at("annotators"));
    Counts counts =
        Counts.of(
            dossiers.select("items", "verdicts", "ratings").javaRDD(), pairs, unpaired, ratings);
    Result result = result(pass, clean, counts, mitigated, judgmentsByKind);
    PairsIdentity identity = PairsIdentity.of(written());
    output.writeJson(
        "curate/quality.json",
        Quality.of(result, rejects(), identity, pass, clean.counts(), mitigated));
    return result;
  }

  private Dataset<Row> written() {
    return PairsTable.TABLE.read(spark, output.at("pairs"));
  }

  private Dataset<Row> made(
      Table table, Dataset<Row> dossiers, String column, FlatMapFunction<Row, Row> rows) {
    return spark.createDataFrame(
        dossiers.select("prompt_id", "split", "prompt", "texts", column).javaRDD().flatMap(rows),
        table.schema());
  }

  private void write(Table table, Dataset<Row> rows, String folder) {
    table.write(rows, output.at(folder));
  }

  private Result result(
      Pass pass,
      Hygienic clean,
      Counts counts,
      Mitigated mitigated,
      Map<String, Long> judgmentsByKind) {
    Map<String, Long> tallies = pass.dossiers().tallies();
    Map<String, Long> leftOut =
        tallies.entrySet().stream()
            .filter(entry -> !entry.getKey().startsWith(DossierMaker.USED))
            .collect(
                Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum, TreeMap::new));
    Map<String, Long> sides = counts(written(), "split");
    long train = sides.getOrDefault(Split.TRAIN, 0L);
    long heldOut = sides.getOrDefault(Split.HELD_OUT, 0L);
    Map<String, Long> drops = new TreeMap<>(counts.drops());
    drops.putAll(clean.drops());
    return new Result(
        train + heldOut,
        train,
        heldOut,
        drops,
        judgmentsByKind,
        pass.unused(tallies),
        counts.disagreement(),
        counts.doublyJudged(),
        pass.panel().profiles().size(),
        pass.panel().everybody().longer().value(),
        pass.panel().everybody().first().value(),
        counts.meanProbability(),
        mitigated.rounds(),
        settings.method(),
        Fitting.means(settings.method()),
        counts.unpaired().getOrDefault("acceptable", 0L),
        counts.unpaired().getOrDefault("unacceptable", 0L),
        counts.rated(),
        leftOut,
        pass.panel().flagged().size(),
        pass.excluded());
  }

  private void step(Progress.Bar bar, long done, String what) {
    spark.sparkContext().setJobDescription("curate: " + what);
    bar.at(done, what);
  }
}
