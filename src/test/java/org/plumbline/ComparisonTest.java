package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.DpoSettings;
import org.plumbline.config.RewardTerm;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.model.Head;
import org.plumbline.reward.RewardStage;
import org.plumbline.table.PromptId;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.RolloutsTable;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

class ComparisonTest {
  @TempDir Path folder;

  private TinyRun run(String methods, String... sets) {
    TinyModel start = TinyModel.write(folder.resolve("start"), 1);
    TinyRun run =
        TinyRun.in(
                folder.resolve("run"),
                Stream.concat(
                        Stream.of(sets),
                        Stream.of(
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
                            "evaluate.generation.max-new-tokens=8"))
                    .toArray(String[]::new))
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
  void policiesEarnWhatAnEnsembleSays() {
    TinyRun run =
        run(
            "grpo",
            "reward.members=2",
            "reward.combine=uncertainty",
            "reward.uncertainty-coef=3",
            "reward.learning-rate=0.02");
    Comparison.execute(run.context());

    List<Row> rollouts =
        RolloutsTable.TABLE
            .read(run.context().spark(), run.context().run().at("compare/grpo/rollouts"))
            .collectAsList();
    assertThat(rollouts).isNotEmpty();
    for (Row row : rollouts) {
      Map<String, Double> terms = row.getJavaMap(row.fieldIndex("terms"));
      double first = terms.get("score");
      double second = terms.get("member_2");
      double deviation = Math.abs(first - second) / 2;
      assertThat(terms.get(RewardEnsemble.DISAGREEMENT)).isCloseTo(deviation, within(1e-6));
      assertThat(row.<Double>getAs("reward"))
          .isCloseTo((first + second) / 2 - 3 * deviation, within(1e-6));
    }
    assertThat(run.metrics("compare/grpo")).contains("reward_disagreement", "reward_ensemble");
  }

  @Test
  void theWorstOfAnEnsembleIsTheLeast() {
    TinyRun run = run("dpo", "reward.members=2", "reward.combine=worst");
    List<RewardTerm> terms = RewardEnsemble.in(run.context()).settings().reward().terms();
    assertThat(terms.get(3).sql()).isEqualTo("least(score, member_2)");
    assertThat(terms).extracting(RewardTerm::weight).containsExactly(0.0, 0.0, 0.0, 1.0);
    TinyRun one = run("dpo");
    assertThat(RewardEnsemble.in(one.context())).isSameAs(one.context());
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
            List.of(),
            List.of(
                "compare.methods=all",
                "ppo.learning-rate=0.5",
                "dpo.beta=0.7",
                "dpo.batch-size=7",
                "dpo.losses=[{loss: nca}]"));
    List<Method> all = Method.wanted(run);

    assertThat(all)
        .extracting(Method::name)
        .startsWith(
            "ppo",
            "grpo",
            "dr-grpo",
            "rloo",
            "reinforce++",
            "dapo",
            "gspo",
            "raft",
            "online-dpo",
            "dpo")
        .contains("ipo", "simpo", "orpo", "apo-zero", "kto", "bco-unpaired", "wpo")
        .doesNotContain("sigmoid")
        .doesNotHaveDuplicates();
    List<String> betasOfTheirOwn = List.of("ipo", "sigmoid-norm", "orpo", "simpo", "cpo");
    for (Method method : all) {
      assertThat(method.settings().ppo().learningRate()).as(method.name()).isEqualTo(0.5);
      assertThat(method.settings().dpo().batchSize()).as(method.name()).isEqualTo(7);
      assertThat(method.settings().dpo().beta() == 0.7)
          .as(method.name())
          .isEqualTo(!betasOfTheirOwn.contains(method.name()));
      assertThat(method.settings().dpo().losses().isEmpty())
          .as(method.name())
          .isEqualTo(!method.name().equals("mpo"));
      if (SettingsReader.choices("dpo.loss").contains(method.name())) {
        assertThat(method.settings().dpo().loss()).isEqualTo(method.name());
      } else {
        assertThat(method.settings().dpo().loss()).isEqualTo("sigmoid");
      }
    }
    assertThat(settings(all, "dpo-alpha").divergence()).isEqualTo("alpha");
    assertThat(settings(all, "wpo").weighted()).isTrue();
    assertThat(settings(all, "mpo").losses()).hasSize(2);
    assertThat(settings(all, "ld-dpo").lengthDesensitized()).isEqualTo(0.5);
    assertThat(all.get(1).settings().ppo().advantageEstimator()).isEqualTo("grpo");
    assertThat(all.get(6).settings().ppo().ratio()).isEqualTo("sequence");
  }

  private static DpoSettings settings(List<Method> methods, String name) {
    return methods.stream()
        .filter(method -> method.name().equals(name))
        .findFirst()
        .orElseThrow()
        .settings()
        .dpo();
  }

  @Test
  void overridesAreOfOneMethodAndOnTopOfItsFile() {
    List<Method> methods =
        Method.wanted(
            SettingsReader.read(
                List.of(),
                List.of(
                    "compare.methods=dpo,simpo",
                    "compare.overrides=[{method: simpo, set: dpo.beta=10},"
                        + " {method: simpo, set: dpo.learning-rate=3e-5}]")));

    assertThat(settings(methods, "simpo").beta()).isEqualTo(10);
    assertThat(settings(methods, "simpo").gamma()).isEqualTo(1);
    assertThat(settings(methods, "simpo").learningRate()).isEqualTo(3e-5);
    assertThat(settings(methods, "dpo").beta()).isEqualTo(0.1);
    assertThat(settings(methods, "dpo").learningRate()).isEqualTo(1e-6);
  }

  @Test
  void saysWhichOverridesThereCannotBe() {
    Settings run =
        SettingsReader.read(
            List.of(), List.of("compare.overrides=[{method: simqo, set: dpo.beta=10}]"));
    assertThatThrownBy(() -> Method.wanted(run))
        .hasMessageContaining("Invalid compare.overrides: simqo (must be of one of ppo, grpo,");
    assertThatThrownBy(
            () -> SettingsReader.read(List.of(), List.of("compare.overrides=[{method: simpo}]")))
        .hasMessageContaining(
            "Invalid compare.overrides: '' of 'simpo' (must be a key=value of a method)");
  }

  /** What is in conf/ that makes a direct method is one that can be compared. */
  @Test
  void everyFileOfADirectMethodIsCompared() throws IOException {
    List<String> files = new ArrayList<>();
    try (Stream<Path> conf = Files.list(Path.of("conf"))) {
      for (Path file : conf.filter(each -> each.toString().endsWith(".yaml")).toList()) {
        if (Files.readString(file).contains("\ndpo:\n  loss: ")) {
          files.add(file.getFileName().toString().replace(".yaml", ""));
        }
      }
    }
    assertThat(Method.all()).containsAll(files);
  }

  @Test
  void saysWhichMethodThereIsNot() {
    Settings run = SettingsReader.read(List.of(), List.of("compare.methods=ppo,dpp"));
    assertThatThrownBy(() -> Method.wanted(run))
        .hasMessageContaining("Invalid compare.methods: dpp (must be all, or some of ppo, grpo,");
  }
}
