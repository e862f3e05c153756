package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.model.Head;
import org.plumbline.reward.RewardStage;
import org.plumbline.table.PromptId;
import org.plumbline.table.PromptsTable;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

class ComparisonTest {
  @TempDir Path folder;

  private TinyRun run(String methods) {
    TinyModel start = TinyModel.write(folder.resolve("start"), 1);
    TinyRun run =
        TinyRun.in(
                folder.resolve("run"),
                "compare.methods=" + methods,
                "model.path=" + start.uri(),
                "reward.batch-size=8",
                "ppo.iterations=2",
                "ppo.batch-size=8",
                "ppo.mini-batch-size=4",
                "ppo.epochs=1",
                "ppo.learning-rate=0.003",
                "ppo.generation.max-new-tokens=8",
                "dpo.batch-size=8",
                "dpo.learning-rate=0.003",
                "evaluate.judge=",
                "evaluate.showcase=",
                "evaluate.generation.max-new-tokens=8")
            .pairs(16)
            .prompts(9)
            .table(
                PromptsTable.TABLE,
                "prompts",
                List.of(
                    RowFactory.create(
                        TinyRun.promptId(9),
                        List.of(PromptId.message("user", "Well?")),
                        Map.of(),
                        "heldout")));
    new RewardStage(run.context(), start.uri()).execute();
    return run;
  }

  @Test
  void alignsTheSameStartByEachMethodAndMeasuresAll() {
    TinyRun run = run("grpo, dapo,dpo,simpo");

    Comparison.Result result = Comparison.execute(run.context());

    assertThat(result.policies()).containsOnlyKeys("start", "grpo", "dpo", "simpo");
    assertThat(result.policies().get("start").klPerCompletion()).isCloseTo(0, within(1e-6));
    for (String method : List.of("grpo", "dpo", "simpo")) {
      assertThat(result.policies().get(method).klPerCompletion()).as(method).isNotZero();
      assertThat(result.policies().get(method).score()).as(method).isNotNull();
      assertThat(result.seconds().get(method)).isPositive();
      assertThat(run.context().run().has("compare/" + method + "/checkpoint")).isTrue();
    }
    assertThat(result.failures())
        .containsOnlyKeys("dapo")
        .hasEntrySatisfying(
            "dapo", reason -> assertThat(reason).contains("Invalid ppo.overlong-buffer: 16"));
    assertThat(run.context().run().has("ppo")).isFalse();
    assertThat(run.context().run().has("dpo")).isFalse();
    assertThat(run.context().run().has("evaluate")).isFalse();
    assertThat(run.metrics("compare/grpo")).contains("kl_loss").doesNotContain("value_loss");
    String grpo = run.context().run().at("compare/grpo/checkpoint/step-00000002");
    assertThat(TinyModel.weights(grpo, Head.NONE))
        .isNotEqualTo(TinyModel.weights(run.context().settings().model().path(), Head.NONE));
  }

  @Test
  void saysWhenNothingCanBeCompared() {
    TinyRun run = run("dapo");
    assertThatThrownBy(() -> Comparison.execute(run.context()))
        .hasMessageStartingWith("Cannot compare: every method failed: {dapo=");
  }

  @Test
  void everyMethodHasItsSettingsOnTopOfTheRuns() {
    Settings run =
        SettingsReader.read(
            List.of(), List.of("compare.methods=all", "ppo.learning-rate=0.5", "dpo.beta=0.7"));
    List<Method> all = Method.wanted(run);

    assertThat(all)
        .extracting(Method::name)
        .startsWith("ppo", "grpo", "dr-grpo", "rloo", "reinforce++", "dapo", "gspo", "dpo")
        .contains("ipo", "simpo", "orpo", "apo-zero")
        .doesNotContain("sigmoid")
        .doesNotHaveDuplicates();
    for (Method method : all) {
      assertThat(method.settings().ppo().learningRate()).as(method.name()).isEqualTo(0.5);
      boolean own = List.of("simpo", "orpo", "cpo").contains(method.name());
      assertThat(method.settings().dpo().beta() == 0.7).as(method.name()).isEqualTo(!own);
      if (!method.reinforces()) {
        String loss = method.name().equals("dpo") ? "sigmoid" : method.name();
        assertThat(method.settings().dpo().loss()).isEqualTo(loss);
      }
    }
    assertThat(all.get(1).settings().ppo().advantageEstimator()).isEqualTo("grpo");
    assertThat(all.get(6).settings().ppo().ratio()).isEqualTo("sequence");
  }

  @Test
  void saysWhichMethodThereIsNot() {
    Settings run = SettingsReader.read(List.of(), List.of("compare.methods=ppo,dpp"));
    assertThatThrownBy(() -> Method.wanted(run))
        .hasMessageContaining("Invalid compare.methods: dpp (must be all, or some of ppo, grpo,");
  }
}
