package org.plumbline.prefer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
}
