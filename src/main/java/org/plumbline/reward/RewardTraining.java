package org.plumbline.reward;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.RewardSettings;
import org.plumbline.objective.BradleyTerryLoss;
import org.plumbline.stage.StageContext;
import org.plumbline.table.RatingTokensTable;
import org.plumbline.table.Split;
import org.plumbline.table.UnpairedTokensTable;
import org.plumbline.train.Example;
import org.plumbline.train.Objective;
import org.plumbline.train.RowTraining;
import org.plumbline.train.TrainedPairs;
import org.plumbline.train.TrainingPlan;

/** Trains one reward model. */
final class RewardTraining {
  private final StageContext context;
  private final RewardSettings settings;
  private final String start;

  /** In the run of {@code context}, with its seed, from the model in {@code start}. */
  RewardTraining(StageContext context, String start) {
    this.context = context;
    this.settings = context.settings().reward();
    this.start = start;
  }

  /** Trains on {@code pairs}, rows of the pair tokens table, or on single responses. */
  RowTraining.Outcome on(Dataset<Row> pairs) {
    return switch (settings.loss()) {
      case "binary" ->
          onResponses(
              training(new VerdictObjective(), Verdict::of)
                  .onUnpaired(TrainedPairs.unpaired(context.run())),
              this::unpaired,
              "unpaired_id");
      case "regression" ->
          onResponses(
              training(new RatingObjective(), Rating::of)
                  .onRatings(TrainedPairs.ratings(context.run())),
              this::ratings,
              "rating_id");
      default -> onPairs(Split.rows(pairs, Split.TRAIN), Split.rows(pairs, Split.HELD_OUT));
    };
  }

  /** Single responses that it is on, learned from and held out; empty if it is on pairs. */
  Optional<Dataset<Row>> responses() {
    return switch (settings.loss()) {
      case "binary" -> Optional.of(unpaired());
      case "regression" -> Optional.of(ratings());
      default -> Optional.empty();
    };
  }

  private RowTraining.Outcome onPairs(Dataset<Row> train, Dataset<Row> heldOut) {
    boolean rankings = settings.loss().equals("plackett-luce");
    boolean byPrompt = settings.batchBy().equals("prompt");
    require(byPrompt || !rankings, "batch-by", settings.batchBy(), "prompt");
    require(settings.centering() == 0 || !rankings, "centering", settings.centering(), "0");
    CrossPrompt cross = CrossPrompt.of(settings, context.settings().seed());
    double probability = cross.probability();
    UnaryOperator<Dataset<Row>> prepare =
        rows -> byPrompt ? ByPrompt.of(cross.addTo(rows)) : cross.addTo(rows);
    RowTraining.Reader<Comparisons> reader =
        byPrompt
            ? row -> Comparisons.ofPrompt(row, probability)
            : row -> Comparisons.ofPair(row, probability);
    RewardObjective objective =
        new RewardObjective(new BradleyTerryLoss(settings.centering()), rankings);
    return training(objective, reader)
        .on(TrainedPairs.of(context.run()))
        .evaluated(settings.eval(), settings.eval().every() > 0 ? prepare.apply(heldOut) : heldOut)
        .run(prepare.apply(train), byPrompt ? "prompt_id" : "pair_id", start);
  }

  private <E extends Example> RowTraining.Outcome onResponses(
      RowTraining<E> training, Supplier<Dataset<Row>> responses, String key) {
    require(settings.batchBy().equals("pair"), "batch-by", settings.batchBy(), "pair");
    require(settings.centering() == 0, "centering", settings.centering(), "0");
    require(
        settings.crossPromptPairs() == 0, "cross-prompt-pairs", settings.crossPromptPairs(), "0");
    Dataset<Row> rows = responses.get();
    return training
        .evaluated(settings.eval(), Split.rows(rows, Split.HELD_OUT))
        .run(Split.rows(rows, Split.TRAIN), key, start);
  }

  private <E extends Example> RowTraining<E> training(
      Objective<E> objective, RowTraining.Reader<E> reader) {
    return new RowTraining<>(context, "reward", TrainingPlan.of(settings), objective, reader);
  }

  private Dataset<Row> unpaired() {
    return UnpairedTokensTable.TABLE.read(context.spark(), context.run().at("tokens/unpaired"));
  }

  private Dataset<Row> ratings() {
    return RatingTokensTable.TABLE.read(context.spark(), context.run().at("tokens/ratings"));
  }

  private void require(boolean holds, String setting, Object value, String must) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Invalid reward.%s: %s (must be %s where reward.loss is %s)"
              .formatted(setting, value, must, settings.loss()));
    }
  }
}
