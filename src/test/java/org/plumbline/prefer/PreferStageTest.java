package org.plumbline.prefer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.model.Head;
import org.plumbline.stage.RunFolder;
import org.plumbline.table.PairsIdentity;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

class PreferStageTest {
  @TempDir Path folder;

  @Test
  void thePolicyComesToPreferWhatPeopleDo() {
    TinyModel model = TinyModel.write(folder.resolve("model"), 4);
    TinyRun run =
        TinyRun.in(
                folder.resolve("run"),
                "dpo.batch-size=8",
                "dpo.micro-batch-size=4",
                "dpo.epochs=4",
                "dpo.learning-rate=0.01")
            .pairs(16);

    PreferStage.Result result = new PreferStage(run.context(), model.uri()).execute();

    assertThat(result.pairs()).isEqualTo(16); // of 20: a fifth is held out
    assertThat(result.steps()).isEqualTo(8);
    assertThat(run.metrics("dpo"))
        .containsExactly(
            "accuracy",
            "chosen_logprob",
            "chosen_reward",
            "grad_norm",
            "learning_rate",
            "loss",
            "margin",
            "rejected_logprob",
            "rejected_reward");
    assertThat(run.metric("dpo", "loss").get(1L)).isCloseTo(Math.log(2), within(1e-5));
    assertThat(result.loss()).isLessThan(0.6).isEqualTo(run.metric("dpo", "loss").get(8L));
    assertThat(result.accuracy()).isEqualTo(1);
    assertThat(run.metric("dpo", "margin").get(8L)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"ipo,0.5,true", "apo-zero,0.5,true", "orpo,1,false", "simpo,2,false"})
  void soItDoesByOtherMethods(String loss, double beta, boolean reference) {
    TinyModel model = TinyModel.write(folder.resolve("model"), 4);
    TinyRun run =
        TinyRun.in(
                folder.resolve("run"),
                "dpo.loss=" + loss,
                "dpo.beta=" + beta,
                "dpo.sft-coef=" + (reference ? 0 : 1),
                "dpo.batch-size=8",
                "dpo.micro-batch-size=4",
                "dpo.epochs=4",
                "dpo.learning-rate=0.01")
            .pairs(16);

    PreferStage.Result result = new PreferStage(run.context(), model.uri()).execute();

    assertThat(result.accuracy()).isEqualTo(1);
    assertThat(result.loss()).isLessThan(run.metric("dpo", "loss").get(1L));
    assertThat(run.context().run().has(ReferenceLogprobs.FOLDER)).isEqualTo(reference);
  }

  @ParameterizedTest
  @CsvSource({"kto,1", "kto,2", "bco-unpaired,1"})
  void andByMethodsOfSingleResponses(String loss, int ranks) {
    TinyModel model = TinyModel.write(folder.resolve("model"), 4);
    TinyRun run =
        TinyRun.in(
                folder.resolve("run"),
                "dpo.loss=" + loss,
                "cluster.ranks=" + ranks,
                "dpo.batch-size=16",
                "dpo.micro-batch-size=8",
                "dpo.epochs=4",
                "dpo.learning-rate=0.01",
                "dpo.eval.every=4",
                "dpo.eval.metric=margin")
            .pairs(16);

    PreferStage.Result result = new PreferStage(run.context(), model.uri()).execute();

    assertThat(result.pairs()).isZero();
    assertThat(result.responses()).isEqualTo(32);
    assertThat(result.steps()).isEqualTo(8); // of 32 responses an epoch
    assertThat(result.accuracy()).isGreaterThanOrEqualTo(0.75);
    assertThat(result.loss()).isLessThan(run.metric("dpo", "loss").get(1L));
    assertThat(result.heldOut().get("eval_margin"))
        .isPositive()
        .isCloseTo(
            result.heldOut().get("eval_chosen_reward")
                - result.heldOut().get("eval_rejected_reward"),
            within(1e-6));
    assertThat(run.metric("dpo", "shift").get(1L)).isCloseTo(0, within(1e-5));
    assertThat(run.metrics("dpo")).contains("chosen_logprob", "rejected_reward");
  }

  /** Weights after six steps on responses judged by themselves. */
  private float[] onVerdicts(String loss, int ranks, int microBatchSize) {
    TinyRun run =
        TinyRun.in(
                folder.resolve("%s-%d-%d".formatted(loss, ranks, microBatchSize)),
                "dpo.loss=" + loss,
                "cluster.ranks=" + ranks,
                "dpo.batch-size=8",
                "dpo.micro-batch-size=" + microBatchSize,
                "dpo.epochs=2",
                "dpo.learning-rate=0.01",
                "dpo.eval.every=6",
                "dpo.eval.metric=margin")
            .unpaired(24)
            .pairs(0);
    PreferStage.Result result =
        new PreferStage(run.context(), TinyModel.write(folder.resolve("model"), 4).uri()).execute();

    assertThat(result.pairs()).isZero();
    assertThat(result.responses()).isEqualTo(24);
    assertThat(result.steps()).isEqualTo(6);
    assertThat(result.heldOut().get("eval_margin")).isPositive();
    assertThat(run.metric("dpo", "shift").get(6L)).isNotCloseTo(0, within(1e-3));
    return TinyModel.weights(result.checkpoint(), Head.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kto", "bco-unpaired"})
  void verdictsTeachTheSameWhateverTheRanksAndMicroBatches(String loss) {
    float[] alone = onVerdicts(loss, 1, 8);
    assertThat(onVerdicts(loss, 2, 1)).containsExactly(alone, within(1e-4f));
    assertThat(TinyModel.weights(folder.resolve("model").toUri().toString(), Head.NONE))
        .isNotEqualTo(alone);
  }

  @ParameterizedTest
  @CsvSource({"all,28", "unpaired,12", "pairs,16"})
  void settingsSayWhereSingleResponsesComeFrom(String from, long count) throws Exception {
    TinyRun run =
        TinyRun.in(
                folder.resolve("run"),
                "dpo.loss=kto",
                "dpo.responses=" + from,
                "dpo.batch-size=32",
                "dpo.micro-batch-size=32")
            .unpaired(12)
            .pairs(8);
    RunFolder folders = run.context().run();
    folders.writeJson(PairsIdentity.FILE, Map.of("fingerprint", "aa"));
    folders.writeJson(PairsIdentity.UNPAIRED_FILE, Map.of("fingerprint", "bb"));

    PreferStage.Result result =
        new PreferStage(run.context(), TinyModel.write(folder.resolve("model"), 4).uri()).execute();

    assertThat(result.responses()).isEqualTo(count);
    JsonNode state = Checkpoint.open(result.checkpoint(), folders.configuration()).state();
    assertThat(state.at("/pairs/fingerprint").asText())
        .isEqualTo(from.equals("unpaired") ? "" : "aa");
    assertThat(state.at("/unpaired/fingerprint").asText())
        .isEqualTo(from.equals("pairs") ? "" : "bb");
  }

  @Test
  void saysWhatSingleResponsesCannotHave() {
    TinyRun run = TinyRun.in(folder, "dpo.loss=kto", "dpo.sft-coef=0.5").pairs(4);
    assertThatThrownBy(() -> new PreferStage(run.context(), "nowhere").execute())
        .hasMessage("Invalid dpo.sft-coef: 0.5 (must be 0 where dpo.loss is kto)");
  }

  @Test
  void aMixtureLearnsFromAllItsLosses() {
    TinyModel model = TinyModel.write(folder.resolve("model"), 4);
    TinyRun run =
        TinyRun.in(
                folder.resolve("run"),
                "dpo.losses=[{loss: sigmoid, weight: 0.8}, {loss: bco, weight: 0.2}]",
                "dpo.batch-size=8",
                "dpo.micro-batch-size=4",
                "dpo.epochs=4",
                "dpo.learning-rate=0.01")
            .pairs(16);

    PreferStage.Result result = new PreferStage(run.context(), model.uri()).execute();

    assertThat(run.metric("dpo", "loss").get(1L))
        .isCloseTo(0.8 * Math.log(2) + 0.2 * 2 * Math.log(2), within(1e-5));
    assertThat(result.accuracy()).isEqualTo(1);
    assertThat(result.loss()).isLessThan(0.8);
  }

  @Test
  void aMixtureIsOfLossesOfPairs() {
    TinyRun run = TinyRun.in(folder, "dpo.losses=[{loss: kto}]").pairs(4);
    assertThatThrownBy(() -> new PreferStage(run.context(), "nowhere").execute())
        .hasMessage("Invalid dpo.losses: kto (must be a loss of pairs)");
  }

  @Test
  void lengthsAndWeightsCount() {
    TinyModel model = TinyModel.write(folder.resolve("model"), 4);
    TinyRun run =
        TinyRun.in(
                folder.resolve("run"),
                "dpo.length-desensitized=0.25",
                "dpo.weighted=true",
                "dpo.batch-size=8",
                "dpo.micro-batch-size=4",
                "dpo.epochs=4",
                "dpo.learning-rate=0.01",
                "dpo.eval.every=8")
            .pairs(16);

    PreferStage.Result result = new PreferStage(run.context(), model.uri()).execute();

    // policy and reference are summed alike, so that at first there is no margin
    assertThat(run.metric("dpo", "margin").get(1L)).isCloseTo(0, within(1e-5));
    assertThat(result.accuracy()).isEqualTo(1);
    double weight = run.metric("dpo", "wpo_weight").get(1L);
    assertThat(weight).isStrictlyBetween(0.0, 1.0);
    assertThat(run.metric("dpo", "loss").get(1L)).isCloseTo(weight * Math.log(2), within(1e-5));
    assertThat(run.metric("dpo", "eval_wpo_weight")).containsOnlyKeys(8L);
  }
}
