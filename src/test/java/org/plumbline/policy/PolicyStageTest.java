package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Sequence;
import org.plumbline.model.TokenBatch;
import org.plumbline.table.MetricsTable;
import org.plumbline.table.Tokens;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

class PolicyStageTest extends SmallLoops {
  @Test
  void threeIterationsTwiceGiveTheSame() throws Exception {
    TinyRun first = run("first");
    TinyRun second = run("second");
    PolicyStage.Result result =
        new PolicyStage(first.context(), start.uri(), reward.uri()).execute();
    PolicyStage.Result again =
        new PolicyStage(second.context(), start.uri(), reward.uri()).execute();

    List<Row> rollouts = rollouts(first);
    assertThat(rollouts).hasSize(3 * 4).isEqualTo(rollouts(second));
    assertThat(again.score()).isEqualTo(result.score());
    assertThat(TinyModel.weights(again.checkpoint(), Head.VALUE))
        .isEqualTo(TinyModel.weights(result.checkpoint(), Head.VALUE));

    assertThat(result.iterations()).isEqualTo(3);
    assertThat(result.completions()).isEqualTo(12);
    assertThat(result.checkpoint())
        .isEqualTo(first.context().run().at("ppo/checkpoint/step-00000003"));
    assertThat(Checkpoint.isComplete(result.checkpoint(), first.context().run().configuration()))
        .isTrue();
    // Two epochs over eight of the nine prompts: the first two iterations share none.
    assertThat(rollouts.subList(0, 8))
        .extracting(row -> row.getAs("prompt_id"))
        .doesNotHaveDuplicates();
    // Nothing has been learned in the first iteration, and something in the last.
    assertThat(rollouts.subList(0, 4)).allMatch(row -> Math.abs(row.<Double>getAs("kl")) < 1e-4);
    assertThat(result.kl()).isEqualTo(mean(rollouts.subList(8, 12), "kl")).isNotZero();
    figuresAreThoseOfTheRollouts(first, rollouts);
    timeIsAccountedFor(first);
  }

  private static void timeIsAccountedFor(TinyRun run) {
    Map<Long, Map<String, Double>> times =
        MetricsTable.bySteps(
            MetricsTable.TABLE.read(run.context().spark(), run.context().run().at("ppo/times")));
    assertThat(times).containsOnlyKeys(1L, 2L, 3L);
    times.forEach(
        (step, parts) -> {
          double total = parts.remove("iteration_seconds");
          assertThat(parts)
              .containsOnlyKeys(
                  "generate_seconds", "score_seconds", "update_seconds", "overhead_seconds")
              .allSatisfy((part, seconds) -> assertThat(seconds).as(part).isPositive());
          assertThat(parts.values().stream().mapToDouble(Double::doubleValue).sum())
              .as("iteration %d", step)
              .isCloseTo(total, within(1e-9));
        });
  }

  private static void figuresAreThoseOfTheRollouts(TinyRun run, List<Row> rollouts) {
    assertThat(run.metrics("ppo"))
        .containsExactly(
            "approx_kl",
            "clip_fraction",
            "distinct_2",
            "entropy",
            "eos_share",
            "grad_norm",
            "kl",
            "kl_coef",
            "learning_rate",
            "loss",
            "policy_loss",
            "repetition",
            "response_tokens",
            "rlhf_reward",
            "sampling_mismatch",
            "score",
            "value_loss");
    double score = mean(rollouts.subList(4, 8), "score");
    double kl = mean(rollouts.subList(4, 8), "kl");
    assertThat(run.metric("ppo", "score")).hasSize(3).containsEntry(2L, score);
    assertThat(run.metric("ppo", "rlhf_reward")).containsEntry(2L, score - 0.2 * kl);
  }

  private static double mean(List<Row> rows, String column) {
    return rows.stream().mapToDouble(row -> row.<Double>getAs(column)).average().orElseThrow();
  }

  @Test
  void termsOfTheRewardDoWithoutARewardModel() throws Exception {
    TinyRun run =
        run(
                "terms",
                "reward.terms=[{name: even, sql: 'size(filter(response_ids, id -> id % 2 = 0)) / 8'},"
                    + " {name: right, function: exact-answer, weight: 0}]",
                "ppo.iterations=2")
            .promptTexts(9);
    new PolicyStage(run.context(), start.uri(), "").execute();

    TreeMap<Long, Double> score = run.metric("ppo", "score");
    assertThat(run.metric("ppo", "reward_even")).isEqualTo(score);
    assertThat(run.metric("ppo", "reward_right")).hasSize(2).containsEntry(1L, 0.0);
    assertThat(score.get(2L)).isEqualTo(mean(rollouts(run).subList(4, 8), "reward")).isNotZero();

    TinyRun separate =
        run("own critic", "ppo.critic=separate", "reward.terms=[{name: none, sql: '0'}]")
            .promptTexts(9);
    assertThatThrownBy(() -> new PolicyStage(separate.context(), start.uri(), "").execute())
        .hasMessage(
            "Invalid ppo.critic-start: reward (must be policy where the run has no reward model)");
  }

  @Test
  void aCriticOfItsOwnBeginsAsTheRewardModelAndLearns() throws Exception {
    TinyRun run = separate("own");
    PolicyStage.Result result = new PolicyStage(run.context(), start.uri(), reward.uri()).execute();

    String critic = run.context().run().at("ppo/critic/step-00000003");
    assertThat(Checkpoint.open(critic, run.context().run().configuration()).files())
        .contains(
            "config.json",
            "model.safetensors",
            "plumbline/value_head.safetensors",
            "plumbline/optimizer.safetensors");
    assertThat(Checkpoint.open(result.checkpoint(), run.context().run().configuration()).files())
        .doesNotContain("plumbline/value_head.safetensors");
    float[] judge = TinyModel.weights(reward.uri(), Head.SCORE);
    float[] before = TinyModel.weights(reward.uri(), Head.CRITIC);
    assertThat(before).startsWith(judge).hasSize(judge.length + 1).endsWith(0f);
    assertThat(TinyModel.weights(critic, Head.CRITIC)).isNotEqualTo(before);
    Row first = rollouts(run).get(0);
    // The last value is said of the last token but one, by what was a reward model.
    try (LoadedModel loaded = reward.load(Head.CRITIC);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      int[] response = Tokens.ids(first, "response_ids");
      TokenBatch alone =
          TokenBatch.of(List.of(new Sequence(Tokens.ids(first, "prompt_ids"), response)), step);
      float[] all = loaded.decoder().values(loaded.flat(), alone).toFloatArray();
      assertThat(Tokens.floats(first, "values"))
          .containsExactly(
              Arrays.copyOfRange(all, all.length - response.length, all.length), within(1e-4f));
    }
    assertThat(run.metric("ppo", "critic_grad_norm")).hasSize(3);
    assertThat(run.metric("ppo", "critic_learning_rate").get(1L))
        .isCloseTo(run.metric("ppo", "learning_rate").get(1L) * 0.01 / 0.003, within(1e-9));
  }

  @Test
  void aCriticOfItsOwnIsTheSameOnTwoRanks() throws Exception {
    TinyRun one = separate("one", "ppo.critic-start=policy");
    TinyRun two = separate("two", "ppo.critic-start=policy", "cluster.ranks=2");
    new PolicyStage(one.context(), start.uri(), reward.uri()).execute();
    new PolicyStage(two.context(), start.uri(), reward.uri()).execute();
    assertThat(Tokens.floats(rollouts(one).get(0), "values")).as("a fresh head").containsOnly(0f);
    for (String step : List.of("ppo/critic/step-00000003", "ppo/checkpoint/step-00000003")) {
      Head head = step.contains("critic") ? Head.CRITIC : Head.NONE;
      float[] alone = TinyModel.weights(one.context().run().at(step), head);
      float[] together = TinyModel.weights(two.context().run().at(step), head);
      assertThat(together).as(step).containsExactly(alone, within(1e-4f));
    }
  }

  /** Whatever cannot be drawn: ratios are of the plain policy, and on the first pass each is 1. */
  @Test
  void withFiltersTheFirstRatiosAre1() throws Exception {
    for (String compute : List.of("float32", "bfloat16")) {
      TinyRun run =
          separate(
              compute,
              "model.compute=" + compute,
              "ppo.iterations=1",
              "ppo.epochs=1",
              "ppo.mini-batch-size=4",
              "ppo.generation.top-k=5",
              "ppo.generation.min-p=0.05",
              "ppo.generation.repetition-penalty=1.3");
      new PolicyStage(run.context(), start.uri(), reward.uri()).execute();
      assertThat(run.metric("ppo", "approx_kl").get(1L))
          .as(compute)
          .isCloseTo(0, within(compute.equals("float32") ? 1e-10 : 1e-6));
      assertThat(run.metric("ppo", "clip_fraction").get(1L)).isZero();
      // Whitened advantages have mean 0, and so has the loss while nothing has been learned.
      assertThat(run.metric("ppo", "policy_loss").get(1L))
          .as(compute)
          .isCloseTo(0, within(compute.equals("float32") ? 1e-6 : 1e-3));
      for (Row row : rollouts(run)) {
        assertThat(Tokens.floats(row, "sampling_logprobs"))
            .isNotEqualTo(Tokens.floats(row, "logprobs"));
      }
    }
  }

  @Test
  void saysWhenThereAreFewerPromptsThanABatchTakes() {
    TinyRun run = run("few").prompts(3);
    assertThatThrownBy(() -> new PolicyStage(run.context(), start.uri(), reward.uri()).execute())
        .hasMessage("Invalid ppo.batch-size: 4 (must be at most the 3 training prompts times 1)");
  }
}
