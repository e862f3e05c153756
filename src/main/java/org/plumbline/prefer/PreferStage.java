package org.plumbline.prefer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.DpoSettings;
import org.plumbline.direct.DirectMethod;
import org.plumbline.direct.PairSums;
import org.plumbline.direct.PreferenceObjective;
import org.plumbline.direct.ReferencedPair;
import org.plumbline.objective.KtoLoss;
import org.plumbline.objective.UnpairedLoss;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PairTokensTable;
import org.plumbline.table.Split;
import org.plumbline.train.Example;
import org.plumbline.train.Objective;
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
   * @param accuracy of the implicit reward on the last update's pairs or responses
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
    return DirectMethod.unpaired(settings)
        .map(this::onResponses)
        .orElseGet(() -> onPairs(PreferenceObjective.of(settings, 1.0)));
  }

  private Result onPairs(PreferenceObjective objective) {
    return train(
        objective,
        ReferencedPair::of,
        pairs ->
            objective.loss().needsReference()
                ? reference(objective.responses()).addTo(pairs)
                : unreferenced(pairs),
        "pair_id");
  }

  private Result onResponses(UnpairedLoss loss) {
    DpoSettings settings = context.settings().dpo();
    require(settings.sftCoef() == 0, "sft-coef", settings.sftCoef(), "0");
    require(
        settings.lengthDesensitized() == 1,
        "length-desensitized",
        settings.lengthDesensitized(),
        "1");
    require(!settings.weighted(), "weighted", settings.weighted(), "false");
    JudgedResponses responses =
        new JudgedResponses(
            reference(PairSums.PLAIN), loss instanceof KtoLoss, context.settings().seed());
    return train(
        new ResponseObjective(loss), JudgedResponse::of, responses::of, JudgedResponses.KEY);
  }

  /**
   * Trains and is evaluated.
   *
   * @param prepare makes the rows to train on of pairs
   * @param key tells these rows apart
   */
  private <E extends Example> Result train(
      Objective<E> objective,
      RowTraining.Reader<E> reader,
      UnaryOperator<Dataset<Row>> prepare,
      String key) {
    DpoSettings settings = context.settings().dpo();
    Dataset<Row> pairs =
        PairTokensTable.TABLE.read(context.spark(), context.run().at("tokens/pairs"));
    Dataset<Row> train = split(pairs, Split.TRAIN);
    Dataset<Row> heldOut = split(pairs, Split.HELD_OUT);
    RowTraining.Outcome outcome =
        new RowTraining<>(context, "dpo", TrainingPlan.of(settings), objective, reader)
            .on(TrainedPairs.of(context.run()))
            .evaluated(
                settings.eval(), settings.eval().every() > 0 ? prepare.apply(heldOut) : heldOut)
            .run(prepare.apply(train), key, start);
    return new Result(
        outcome.checkpoint(),
        train.count(),
        outcome.steps(),
        outcome.last().get("loss"),
        outcome.last().get("accuracy"),
        outcome.heldOut());
  }

  private void require(boolean holds, String setting, Object value, String must) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Invalid dpo.%s: %s (must be %s where dpo.loss is %s)"
              .formatted(setting, value, must, context.settings().dpo().loss()));
    }
  }

  private ReferenceLogprobs reference(PairSums sums) {
    return new ReferenceLogprobs(context, start, sums);
  }

  private static Dataset<Row> split(Dataset<Row> pairs, String split) {
    return pairs.where(col("split").equalTo(split));
  }

  /** Nobody asks for these columns, and rows have them all the same. */
  private static Dataset<Row> unreferenced(Dataset<Row> pairs) {
    return pairs.withColumn("chosen_logprob", lit(0.0)).withColumn("rejected_logprob", lit(0.0));
  }
}
