package org.plumbline.sft;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.SftSettings;
import org.plumbline.stage.StageContext;
import org.plumbline.table.DemonstrationTokensTable;
import org.plumbline.table.Split;
import org.plumbline.train.Imitation;
import org.plumbline.train.RowTraining;
import org.plumbline.train.TokenResponse;
import org.plumbline.train.TrainedModel;
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
   * @param checkpoint the starting policy: the best on held-out rows if there were evaluations
   * @param demonstrations rows trained on
   * @param loss of the last update, in nats a token; null where there was nothing to imitate, and
   *     the model of the settings is the starting policy
   */
  public record Result(String checkpoint, long demonstrations, long steps, Double loss) {}

  /** Trains on the training demonstrations, from the model of the settings. */
  public Result execute() {
    SftSettings settings = context.settings().sft();
    Dataset<Row> all =
        DemonstrationTokensTable.TABLE.read(
            context.spark(), context.run().at("tokens/demonstrations"));
    Dataset<Row> rows = Split.rows(all, Split.TRAIN);
    Dataset<Row> heldOut = Split.rows(all, Split.HELD_OUT);
    long count = rows.count();
    if (count == 0) {
      TrainedModel.delete(context.run(), "sft", context.settings().model().path());
      return new Result(context.settings().model().path(), 0, 0, null);
    }
    TrainingPlan plan = TrainingPlan.of(settings);
    DemonstrationObjective objective = new DemonstrationObjective(new Imitation(1));
    RowTraining.Outcome outcome =
        new RowTraining<>(context, "sft", plan, objective, TokenResponse::of)
            .evaluated(settings.eval(), heldOut)
            .run(rows, "demonstration_id", context.settings().model().path());
    return new Result(outcome.checkpoint(), count, outcome.steps(), outcome.last().get("loss"));
  }
}
