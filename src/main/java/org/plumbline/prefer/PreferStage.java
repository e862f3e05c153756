package org.plumbline.prefer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.Map;
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
   * @param checkpoint the aligned policy: the best on held-out pairs if there were evaluations
   * @param pairs trained on
   * @param loss of the last update
   * @param accuracy of the implicit reward on the last update's pairs
   * @param heldOut what evaluation found of the checkpoint; empty if there was none
   */
  public record Result(
      String checkpoint,
      long pairs,
      long steps,
      double loss,
      double accuracy,
      Map<String, Double> heldOut) {}

  /** Has the reference's log-probabilities worked out where they are not known, then trains. */
  public Result execute() {
    DpoSettings settings = context.settings().dpo();
    PreferenceLoss loss = DirectMethod.of(settings);
    // 1. what the reference makes of every pair, if the method asks
    Dataset<Row> pairs = pairs(settings);
    Dataset<Row> referenced =
        loss.needsReference()
            ? new ReferenceLogprobs(context, start).addTo(pairs)
            : unreferenced(pairs);
    Dataset<Row> train = split(referenced, Split.TRAIN);
    // 2. train the policy against it
    TrainingPlan plan = TrainingPlan.of(settings);
    PreferenceObjective objective = new PreferenceObjective(loss, settings.sftCoef());
    RowTraining.Outcome outcome =
        new RowTraining<>(context, "dpo", plan, objective, ReferencedPair::of)
            .on(TrainedPairs.of(context.run()))
            .evaluated(settings.eval(), split(referenced, Split.HELD_OUT))
            .run(train, "pair_id", start);
    return new Result(
        outcome.checkpoint(),
        train.count(),
        outcome.steps(),
        outcome.last().get("loss"),
        outcome.last().get("accuracy"),
        outcome.heldOut());
  }

  /** Those to train on, and those held out if they are to be asked about. */
  private Dataset<Row> pairs(DpoSettings settings) {
    Dataset<Row> all =
        PairTokensTable.TABLE.read(context.spark(), context.run().at("tokens/pairs"));
    return settings.eval().every() > 0 ? all : split(all, Split.TRAIN);
  }

  private static Dataset<Row> split(Dataset<Row> pairs, String split) {
    return pairs.where(col("split").equalTo(split));
  }

  /** Nobody asks for these columns, and rows have them all the same. */
  private static Dataset<Row> unreferenced(Dataset<Row> pairs) {
    return pairs.withColumn("chosen_logprob", lit(0.0)).withColumn("rejected_logprob", lit(0.0));
  }
}
