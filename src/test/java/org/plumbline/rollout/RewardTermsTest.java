package org.plumbline.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plumbline.model.Head;
import org.plumbline.table.PromptTokensTable;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

class RewardTermsTest {
  private static final int PROMPTS = 3;

  @TempDir Path folder;
  private TinyModel policy;
  private TinyModel reward;
  private TinyModel second;

  @BeforeEach
  void writeModels() {
    policy = TinyModel.write(folder.resolve("policy"), 1);
    reward = TinyModel.write(folder.resolve("reward"), 2, Head.SCORE);
    second = TinyModel.write(folder.resolve("second"), 3, Head.SCORE);
  }

  private TinyRun run(String terms) {
    return TinyRun.in(
            folder.resolve("run"), "reward.terms=" + terms, "evaluate.generation.max-new-tokens=6")
        .prompts(PROMPTS)
        .promptTexts(PROMPTS);
  }

  private List<Row> rollouts(TinyRun run, String trained) {
    var context = run.context();
    RewardTerms terms = new RewardTerms(context, trained);
    var prompts =
        Rollouts.numbered(
            terms
                .prompts(
                    PromptTokensTable.TABLE.read(
                        context.spark(), context.run().at("tokens/prompts")))
                .orderBy("prompt_id"));
    RolloutRequest request =
        new RolloutRequest(
            0,
            1,
            1,
            "ppo",
            policy.uri(),
            policy.uri(),
            trained,
            "",
            context.settings().evaluate().generation(),
            0);
    return Rollouts.of(context, prompts, request, terms).collectAsList();
  }

  private static Map<String, Double> terms(Row row) {
    return row.getJavaMap(row.fieldIndex("terms"));
  }

  @Test
  void theRewardIsTheWeightedSumOfModelsFunctionsAndExpressions() {
    TinyRun run =
        run(
            "[{model: trained, weight: 2}, {name: other, model: '%s'},".formatted(second.uri())
                + " {name: right, function: exact-answer, weight: 3},"
                + " {name: long, sql: \"-0.01 * greatest(response_tokens - 2, 0)\"},"
                + " {name: worst, sql: 'least(score, other)', weight: 0},"
                + " {name: asked, sql: \"cast(attributes['answer'] as int) + length(prompt)\", weight: 0}]");

    List<Row> rows = rollouts(run, reward.uri());

    List<Row> bySecond = rollouts(run("[]"), second.uri());
    assertThat(rows).hasSize(PROMPTS + 1);
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      Map<String, Double> terms = terms(row);
      double score = row.<Double>getAs("score");
      double other = bySecond.get(i).<Double>getAs("score");
      int tokens = row.getList(row.fieldIndex("response_ids")).size();
      assertThat(terms.keySet())
          .containsExactlyInAnyOrder("score", "other", "right", "long", "worst", "asked");
      assertThat(terms).containsEntry("score", score).containsEntry("other", other);
      assertThat(terms.get("right")).isZero();
      assertThat(terms.get("long")).isCloseTo(-0.01 * Math.max(0, tokens - 2), within(1e-12));
      assertThat(terms.get("worst")).isEqualTo(Math.min(score, other));
      assertThat(terms.get("asked")).isBetween(10.0, 10.0 + PROMPTS);
      assertThat(row.<Double>getAs("reward"))
          .isCloseTo(2 * score + other + terms.get("long"), within(1e-12));
    }
  }

  @Test
  void withoutTermsTheRewardIsTheScore() {
    assertThat(rollouts(run("[]"), reward.uri()))
        .allSatisfy(
            row -> {
              assertThat(row.<Double>getAs("reward")).isNotNull().isEqualTo(row.getAs("score"));
              assertThat(terms(row)).isEqualTo(Map.of("score", row.getAs("score")));
            });
    assertThat(rollouts(run("[]"), ""))
        .allSatisfy(row -> assertThat(row.<Double>getAs("reward")).isNull());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{sql: 'length(completio)'} | Invalid reward.terms: sql1: [UNRESOLVED_COLUMN",
        "{sql: '1 +'} | Invalid reward.terms: sql1: ",
        "{name: kl, sql: '1'} | the name kl (must not be that of a column of rollouts:",
        "{name: x, function: nothing} | Invalid reward function: nothing (must be one of",
        "{model: trained} | model trained (must be a folder where the run has no reward model)",
        "{name: x, function: lexicon, argument: /no/such} | Cannot use reward term x:"
      })
  void whatCannotBeIsFoundBeforeAnythingIsSampled(String term, String problem) {
    TinyRun run = run("[" + term + "]");
    assertThatThrownBy(() -> new RewardTerms(run.context(), "").check())
        .hasMessageContaining(problem);
  }

  @Test
  void aTermThatIsNoNumberIsNamed() {
    TinyRun run = run("[{name: odd, sql: \"cast(completion || 'x' as double)\"}]");
    assertThatThrownBy(() -> rollouts(run, ""))
        .rootCause()
        .hasMessageMatching(
            "Invalid reward term odd: null for a completion of prompt [0-9a-f]{16}"
                + " \\(must be a finite number\\)");
  }
}
