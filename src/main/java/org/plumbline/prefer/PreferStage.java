package org.plumbline.prefer;

import static org.apache.spark.sql.functions.lit;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.DpoSettings;
import org.plumbline.direct.DirectMethod;
import org.plumbline.direct.PreferenceObjective;
import org.plumbline.direct.ReferencedPair;
import org.plumbline.objective.KtoLoss;
import org.plumbline.objective.UnpairedLoss;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PairTokensTable;
import org.plumbline.table.Split;
import org.plumbline.table.UnpairedTokensTable;
import org.plumbline.train.Example;
import org.plumbline.train.Objective;
import org.plumbline.train.RowTraining;
import org.plumbline.train.TrainedPairs;
import org.plumbline.train.TrainingPlan;

/**
 * Direct methods, DPO and its family: pairs, or single responses, to a policy, with no reward model
 * in between.
 */
public final class PreferStage {
  private static final String ALL = "all";
  private static final String UNPAIRED = "unpaired";

  private final StageContext context;
  private final DpoSettings settings;
  private final String start;

  /** The stage within a run; {@code start} is the policy it starts from and its reference. */
  public PreferStage(StageContext context, String start) {
    this.context = context;
    this.settings = context.settings().dpo();
    this.start = start;
  }

  /**
   * What the stage did.
   *
   * @param checkpoint the aligned policy: the best on held-out rows if there were evaluations
   * @param pairs trained on; 0 if on single responses
   * @param responses single responses trained on; 0 if on pairs
   * @param loss of the last update
   * @param accuracy of the implicit reward on the last update's pairs or responses
   * @param heldOut what evaluation found of the checkpoint; empty if there was none
   */
  public record Result(
      String checkpoint,
      long pairs,
      long responses,
      long steps,
      double loss,
      double accuracy,
      Map<String, Double> heldOut) {}

  /** Has the reference's log-probabilities worked out where they are not known, then trains. */
  public Result execute() {
    return DirectMethod.unpaired(settings)
        .map(this::onResponses)
        .orElseGet(() -> onPairs(PreferenceObjective.of(settings, 1.0)));
  }

  private Result onPairs(PreferenceObjective objective) {
    Dataset<Row> pairs = pairs();
    RowTraining<ReferencedPair> training =
        training(objective, ReferencedPair::of).on(TrainedPairs.of(context.run()));
    ReferencedRows asked = new ReferencedRows.Pairs(objective.responses());
    UnaryOperator<Dataset<Row>> prepare =
        rows ->
            objective.loss().needsReference() ? reference(asked).addTo(rows) : unreferenced(rows);
    RowTraining.Outcome outcome = train(training, pairs, prepare, "pair_id");
    return result(outcome, Split.rows(pairs, Split.TRAIN).count(), 0);
  }

  private Result onResponses(UnpairedLoss loss) {
    require(settings.sftCoef() == 0, "sft-coef", settings.sftCoef(), "0");
    require(
        settings.lengthDesensitized() == 1,
        "length-desensitized",
        settings.lengthDesensitized(),
        "1");
    require(!settings.weighted(), "weighted", settings.weighted(), "false");
    Dataset<Row> responses = responses();
    Dataset<Row> train = Split.rows(responses, Split.TRAIN);
    long desirable = train.where("desirable").count();
    long undesirable = train.count() - desirable;
    context.progress().say(kinds(loss, desirable, undesirable));
    JudgedResponses judged =
        new JudgedResponses(
            reference(new ReferencedRows.Responses()),
            loss instanceof KtoLoss,
            context.settings().seed());
    RowTraining.Outcome outcome =
        train(
            onIdentities(training(new ResponseObjective(loss), JudgedResponse::of)),
            responses,
            judged::of,
            SingleResponses.KEY);
    return result(outcome, 0, desirable + undesirable);
  }

  private static String kinds(UnpairedLoss loss, long desirable, long undesirable) {
    String kinds =
        "dpo: %d desirable responses, %d undesirable ones".formatted(desirable, undesirable);
    if (!(loss instanceof KtoLoss kto) || kto.isBalanced(desirable, undesirable)) {
      return kinds;
    }
    return kinds
        + "; dpo.desirable-weight and dpo.undesirable-weight have them count %.2f to 1, where"
            .formatted(kto.balance(desirable, undesirable))
        + " KTO's authors recommend 1 to 1.33";
  }

  /** The single responses that settings name. */
  private Dataset<Row> responses() {
    return switch (settings.responses()) {
      case ALL ->
          hasUnpaired()
              ? SingleResponses.all(unpaired(), pairs())
              : SingleResponses.ofPairs(pairs());
      case UNPAIRED -> SingleResponses.judged(unpaired());
      default -> SingleResponses.ofPairs(pairs());
    };
  }

  private <E extends Example> RowTraining<E> onIdentities(RowTraining<E> training) {
    RowTraining<E> told = training;
    if (!settings.responses().equals(UNPAIRED)) {
      told = told.on(TrainedPairs.of(context.run()));
    }
    boolean judged = settings.responses().equals(UNPAIRED) || settings.responses().equals(ALL);
    return judged ? told.onUnpaired(TrainedPairs.unpaired(context.run())) : told;
  }

  private <E extends Example> RowTraining<E> training(
      Objective<E> objective, RowTraining.Reader<E> reader) {
    return new RowTraining<>(context, "dpo", TrainingPlan.of(settings), objective, reader);
  }

  /**
   * Trains and is evaluated.
   *
   * @param prepare adds what the training's reader wants of rows
   * @param key tells rows apart
   */
  private <E extends Example> RowTraining.Outcome train(
      RowTraining<E> training, Dataset<Row> rows, UnaryOperator<Dataset<Row>> prepare, String key) {
    Dataset<Row> heldOut = Split.rows(rows, Split.HELD_OUT);
    return training
        .evaluated(settings.eval(), settings.eval().every() > 0 ? prepare.apply(heldOut) : heldOut)
        .run(prepare.apply(Split.rows(rows, Split.TRAIN)), key, start);
  }

  private static Result result(RowTraining.Outcome outcome, long pairs, long responses) {
    return new Result(
        outcome.checkpoint(),
        pairs,
        responses,
        outcome.steps(),
        outcome.last().get("loss"),
        outcome.last().get("accuracy"),
        outcome.heldOut());
  }

  private void require(boolean holds, String setting, Object value, String must) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Invalid dpo.%s: %s (must be %s where dpo.loss is %s)"
              .formatted(setting, value, must, settings.loss()));
    }
  }

  private Dataset<Row> pairs() {
    return PairTokensTable.TABLE.read(context.spark(), context.run().at("tokens/pairs"));
  }

  private boolean hasUnpaired() {
    return context.run().has("tokens/unpaired");
  }

  private Dataset<Row> unpaired() {
    return UnpairedTokensTable.TABLE.read(context.spark(), context.run().at("tokens/unpaired"));
  }

  private ReferenceLogprobs reference(ReferencedRows asked) {
    return new ReferenceLogprobs(context, start, asked);
  }

  /** Nobody asks for these columns, and rows have them all the same. */
  private static Dataset<Row> unreferenced(Dataset<Row> pairs) {
    return pairs.withColumn("chosen_logprob", lit(0.0)).withColumn("rejected_logprob", lit(0.0));
  }
}
