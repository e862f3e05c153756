package org.plumbline.sft;

import static org.apache.spark.sql.functions.col;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.SftSettings;
import org.plumbline.stage.StageContext;
import org.plumbline.table.DemonstrationTokensTable;
import org.plumbline.table.Split;
import org.plumbline.train.RowTraining;
import org.plumbline.train.TrainingPlan;

/** Supervised fine-tuning: demonstrations to the policy that alignment starts from. */
public final class SftStage {
  private final StageContext context;

  /** The stage within a run. */
  public SftStage(StageContext context) {
    this.context = context;
  }

  /**
   * What the stage did.
   *
   * @param checkpoint the starting policy
   * @param demonstrations rows trained on
   * @param loss of the last update, in nats a token
   */
  public record Result(String checkpoint, long demonstrations, long steps, double loss) {}

  /** Trains on the training demonstrations, from the model of the settings. */
  public Result execute() {
    SftSettings settings = context.settings().sft();
    Dataset<Row> rows =
        DemonstrationTokensTable.TABLE
            .read(context.spark(), context.run().at("tokens/demonstrations"))
            .where(col("split").equalTo(Split.TRAIN));
    TrainingPlan plan =
        new TrainingPlan(
            settings.learningRate(),
            settings.batchSize(),
            settings.microBatchSize(),
            settings.epochs(),
            settings.stepsPerStage(),
            settings.optimizer());
    RowTraining.Outcome outcome =
        new RowTraining<>(context, "sft", plan, new DemonstrationObjective(), Demonstration::of)
            .run(rows, "demonstration_id", context.settings().model().path());
    return new Result(
        outcome.checkpoint(), rows.count(), outcome.steps(), outcome.last().get("loss"));
  }
}
