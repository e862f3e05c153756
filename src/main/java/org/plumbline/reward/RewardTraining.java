package org.plumbline.reward;

import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.RewardSettings;
import org.plumbline.objective.BradleyTerryLoss;
import org.plumbline.stage.StageContext;
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
    return isOfVerdicts()
        ? onVerdicts()
        : onPairs(Split.rows(pairs, Split.TRAIN), Split.rows(pairs, Split.HELD_OUT));
  }

  /** Whether it is on single responses. */
  boolean isOfVerdicts() {
    return settings.loss().equals("binary");
  }

  /** Single responses to learn from. */
  long verdicts() {
    return Split.rows(unpaired(), Split.TRAIN).count();
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

  private RowTraining.Outcome onVerdicts() {
    require(settings.batchBy().equals("pair"), "batch-by", settings.batchBy(), "pair");
    require(settings.centering() == 0, "centering", settings.centering(), "0");
    require(
        settings.crossPromptPairs() == 0, "cross-prompt-pairs", settings.crossPromptPairs(), "0");
    return training(new VerdictObjective(), Verdict::of)
        .onUnpaired(TrainedPairs.unpaired(context.run()))
        .evaluated(settings.eval(), Split.rows(unpaired(), Split.HELD_OUT))
        .run(Split.rows(unpaired(), Split.TRAIN), "unpaired_id", start);
  }

  private <E extends Example> RowTraining<E> training(
      Objective<E> objective, RowTraining.Reader<E> reader) {
    return new RowTraining<>(context, "reward", TrainingPlan.of(settings), objective, reader);
  }

  private Dataset<Row> unpaired() {
    return UnpairedTokensTable.TABLE.read(context.spark(), context.run().at("tokens/unpaired"));
  }

  private void require(boolean holds, String setting, Object value, String must) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Invalid reward.%s: %s (must be %s where reward.loss is %s)"
              .formatted(setting, value, must, settings.loss()));
    }
  }
}
