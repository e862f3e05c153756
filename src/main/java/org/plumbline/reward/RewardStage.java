package org.plumbline.reward;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.RewardSettings;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PairTokensTable;
import org.plumbline.table.Split;
import org.plumbline.train.RowTraining;

/**
 * The reward model, or several: trained on the training pairs, or on single responses, then asked
 * to score the held-out pairs.
 */
public final class RewardStage {
  private static final String FOLDER = "reward";

  private final StageContext context;
  private final RewardSettings settings;
  private final String start;

  /** The stage within a run; the reward model starts from the model in {@code start}. */
  public RewardStage(StageContext context, String start) {
    this.context = context;
    this.settings = context.settings().reward();
    this.start = start;
  }

  /**
   * What the stage did.
   *
   * @param checkpoint the reward model; of an ensemble the first
   * @param members all models of the ensemble; else the one
   * @param pairs trained on; 0 if on single responses
   * @param responses single responses trained on; 0 if on pairs
   * @param loss of the last update
   * @param heldOutPairs scored
   * @param accuracyHeldOut share of held-out pairs whose chosen response scores higher
   * @param heldOutRatings of the loss of ratings: rated responses that are held out; else 0
   * @param pearsonHeldOut correlation of those with scores; null if there is none
   * @param spearmanHeldOut the same of their ranks
   */
  public record Result(
      String checkpoint,
      List<String> members,
      long pairs,
      long responses,
      long steps,
      double loss,
      long heldOutPairs,
      Double accuracyHeldOut,
      long heldOutRatings,
      Double pearsonHeldOut,
      Double spearmanHeldOut) {}

  /** Trains and scores. */
  public Result execute() {
    Dataset<Row> pairs =
        PairTokensTable.TABLE.read(context.spark(), context.run().at("tokens/pairs"));
    Dataset<Row> train = Split.rows(pairs, Split.TRAIN);
    RewardTraining first = new RewardTraining(context, start);
    RowTraining.Outcome outcome = first.on(pairs);
    List<String> members = new ArrayList<>(List.of(outcome.checkpoint()));
    for (int member = 2; member <= settings.members(); member++) {
      members.add(new RewardTraining(member(member), start).on(pairs).checkpoint());
    }
    EnsembleScores scores = new EnsembleScores(context, members);
    if (settings.scoreTrain()) {
      scores.write(train, "train_scores");
    }
    Row held =
        scores
            .write(Split.rows(pairs, Split.HELD_OUT), "scores")
            .agg(count("*"), avg(col("chosen_score").gt(col("rejected_score")).cast("double")))
            .head();
    Optional<Dataset<Row>> responses = first.responses();
    RatingCorrelation ratings =
        settings.loss().equals("regression")
            ? RatingCorrelation.of(
                scores.ofRatings(Split.rows(responses.orElseThrow(), Split.HELD_OUT)))
            : RatingCorrelation.NONE;
    return new Result(
        outcome.checkpoint(),
        members,
        responses.isPresent() ? 0 : train.count(),
        responses.map(all -> Split.rows(all, Split.TRAIN).count()).orElse(0L),
        outcome.steps(),
        outcome.last().get("loss"),
        held.getLong(0),
        held.isNullAt(1) ? null : held.getDouble(1),
        ratings.responses(),
        ratings.pearson(),
        ratings.spearman());
  }

  /** For the member of that number: a folder, a seed and so an order of its own. */
  private StageContext member(int number) {
    Settings all = context.settings();
    return context
        .in(context.run().with(FOLDER, folder(number)))
        .with(SettingsReader.with(all, "seed", String.valueOf(all.seed() + number - 1)));
  }

  /** Where the member of that number is within a run, counted from 1. */
  public static String folder(int number) {
    return number == 1 ? FOLDER : FOLDER + "-" + number;
  }
}
