package org.plumbline.prefer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.DpoSettings;
import org.plumbline.objective.PreferenceLoss;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PairTokensTable;
import org.plumbline.table.Split;
import org.plumbline.train.RowTraining;
import org.plumbline.train.TrainedPairs;
import org.plumbline.train.TrainingPlan;

/** Direct methods, DPO and its family: pairs to a policy, with no reward model in between. */
public final class PreferStage {
  private final StageContext context;
  private final String start;

  /** The stage within a run; {@code start} is the policy it starts from and its reference. */
  public PreferStage(StageContext context, String start) {
    this.context = context;
    this.start = start;
  }

  /**
   * What the stage did.
   *
   * @param checkpoint the aligned policy
   * @param pairs trained on
   * @param loss of the last update
   * @param accuracy of the implicit reward on the last update's pairs
   */
  public record Result(String checkpoint, long pairs, long steps, double loss, double accuracy) {}

  /** Has the reference's log-probabilities worked out where they are not known, then trains. */
  public Result execute() {
    DpoSettings settings = context.settings().dpo();
    PreferenceLoss loss = DirectMethod.of(settings);
    // 1. what the reference makes of every training pair, if the method asks
    Dataset<Row> pairs =
        PairTokensTable.TABLE
            .read(context.spark(), context.run().at("tokens/pairs"))
            .where(col("split").equalTo(Split.TRAIN));
    Dataset<Row> referenced =
        loss.needsReference()
            ? new ReferenceLogprobs(context, start).addTo(pairs)
            : unreferenced(pairs);
    // 2. train the policy against it
    TrainingPlan plan = TrainingPlan.of(settings);
    PreferenceObjective objective = new PreferenceObjective(loss, settings.sftCoef());
    RowTraining.Outcome outcome =
        new RowTraining<>(context, "dpo", plan, objective, ReferencedPair::of)
            .on(TrainedPairs.of(context.run()))
            .run(referenced, "pair_id", start);
    return new Result(
        outcome.checkpoint(),
        pairs.count(),
        outcome.steps(),
        outcome.last().get("loss"),
        outcome.last().get("accuracy"));
  }

  /** Nobody asks for these columns, and rows have them all the same. */
  private static Dataset<Row> unreferenced(Dataset<Row> pairs) {
    return pairs.withColumn("chosen_logprob", lit(0.0)).withColumn("rejected_logprob", lit(0.0));
  }
}
