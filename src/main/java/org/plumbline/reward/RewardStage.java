package org.plumbline.reward;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.RewardSettings;
import org.plumbline.model.Head;
import org.plumbline.objective.BradleyTerryLoss;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PairTokensTable;
import org.plumbline.table.ScoresTable;
import org.plumbline.table.Split;
import org.plumbline.train.PairScorer;
import org.plumbline.train.RowTraining;
import org.plumbline.train.TrainedPairs;
import org.plumbline.train.TrainingPlan;

/** The reward model: trained on the training pairs, then asked to score the held-out ones. */
public final class RewardStage {
  private final StageContext context;
  private final String start;

  /** The stage within a run; the reward model starts from the model in {@code start}. */
  public RewardStage(StageContext context, String start) {
    this.context = context;
    this.start = start;
  }

  /**
   * What the stage did.
   *
   * @param checkpoint the reward model
   * @param pairs trained on
   * @param loss of the last update
   * @param heldOutPairs scored
   * @param accuracyHeldOut share of held-out pairs whose chosen response scores higher
   */
  public record Result(
      String checkpoint,
      long pairs,
      long steps,
      double loss,
      long heldOutPairs,
      Double accuracyHeldOut) {}

  /** Trains and scores. */
  public Result execute() {
    RewardSettings settings = context.settings().reward();
    Dataset<Row> pairs =
        PairTokensTable.TABLE.read(context.spark(), context.run().at("tokens/pairs"));
    Dataset<Row> train = pairs.where(col("split").equalTo(Split.TRAIN));
    Dataset<Row> heldOut = pairs.where(col("split").equalTo(Split.HELD_OUT));
    TrainingPlan plan = TrainingPlan.of(settings);
    CrossPrompt cross = CrossPrompt.of(settings, context.settings().seed());
    RewardObjective objective =
        new RewardObjective(new BradleyTerryLoss(settings.centering()), cross);
    RowTraining.Outcome outcome =
        new RowTraining<>(context, "reward", plan, objective, Comparisons::of)
            .on(TrainedPairs.of(context.run()))
            .evaluated(
                settings.eval(), settings.eval().every() > 0 ? cross.addTo(heldOut) : heldOut)
            .run(cross.addTo(train), "pair_id", start);
    if (settings.scoreTrain()) {
      score(train, outcome.checkpoint(), "train_scores");
    }
    Dataset<Row> scores = score(heldOut, outcome.checkpoint(), "scores");
    Row held =
        scores
            .agg(count("*"), avg(col("chosen_score").gt(col("rejected_score")).cast("double")))
            .head();
    return new Result(
        outcome.checkpoint(),
        train.count(),
        outcome.steps(),
        outcome.last().get("loss"),
        held.getLong(0),
        held.isNullAt(1) ? null : held.getDouble(1));
  }

  private Dataset<Row> score(Dataset<Row> pairs, String checkpoint, String table) {
    context.spark().sparkContext().setJobDescription("reward: " + table.replace('_', ' '));
    PairScorer.Figure score =
        (model, batch) -> model.decoder().scores(model.flat(), batch.tokens());
    return new PairScorer(
            checkpoint, Head.SCORE, score, context.settings().reward().microBatchSize())
        .write(context, pairs, ScoresTable.TABLE, context.run().at("reward/" + table));
  }
}
