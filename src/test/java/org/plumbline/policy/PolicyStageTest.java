package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Sequence;
import org.plumbline.model.TokenBatch;
import org.plumbline.stage.StageContext;
import org.plumbline.table.RolloutsTable;
import org.plumbline.table.Tokens;
import org.plumbline.testing.Interruption;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;
import org.plumbline.train.TrainedModel;

class PolicyStageTest {
  private static final List<String> SMALL =
      List.of(
          "ppo.iterations=3",
          "ppo.batch-size=4",
          "ppo.mini-batch-size=2",
          "ppo.epochs=2",
          "ppo.learning-rate=0.003",
          "ppo.generation.max-new-tokens=8");

  @TempDir Path folder;
  private TinyModel start;
  private TinyModel reward;

  @BeforeEach
  void writeModels() {
    start = TinyModel.write(folder.resolve("start"), 1);
    reward = TinyModel.write(folder.resolve("reward"), 2, Head.SCORE);
  }

  /** Nine prompts, and {@code more} settings. */
  private TinyRun run(String name, String... more) {
    List<String> sets = new ArrayList<>(SMALL);
    sets.addAll(List.of(more));
    return TinyRun.in(folder.resolve(name), sets.toArray(String[]::new)).prompts(9);
  }

  private static List<Row> rollouts(TinyRun run) {
    return RolloutsTable.TABLE
        .read(run.context().spark(), run.context().run().at("ppo/rollouts"))
        .orderBy("iteration", "prompt_id", "sample")
        .collectAsList();
  }

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
  }

  private static void figuresAreThoseOfTheRollouts(TinyRun run, List<Row> rollouts) {
    assertThat(run.metrics("ppo"))
        .containsExactly(
            "approx_kl",
            "clip_fraction",
            "entropy",
            "eos_share",
            "grad_norm",
            "kl",
            "kl_coef",
            "learning_rate",
            "loss",
            "policy_loss",
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

  private TinyRun separate(String name, String... more) {
    return small(name, List.of("ppo.critic=separate", "ppo.critic-learning-rate=0.01"), more);
  }

  private TinyRun grouped(String name, String... more) {
    return small(name, List.of("ppo.advantage-estimator=grpo", "ppo.samples-per-prompt=2"), more);
  }

  private TinyRun small(String name, List<String> method, String... more) {
    List<String> sets = new ArrayList<>(SMALL);
    sets.addAll(method);
    sets.addAll(List.of(more));
    return TinyRun.in(folder.resolve(name), sets.toArray(String[]::new)).prompts(9);
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
      for (Row row : rollouts(run)) {
        assertThat(Tokens.floats(row, "sampling_logprobs"))
            .isNotEqualTo(Tokens.floats(row, "logprobs"));
      }
    }
  }

  @Test
  void completionsOfAPromptAreComparedWithoutACritic() throws Exception {
    TinyRun run =
        grouped(
            "grouped",
            "ppo.kl-in=loss",
            "ppo.kl-estimator=k3",
            "ppo.epochs=1",
            "ppo.mini-batch-size=4");
    PolicyStage.Result result = new PolicyStage(run.context(), start.uri(), reward.uri()).execute();

    List<Row> rollouts = rollouts(run);
    assertThat(rollouts).hasSize(3 * 4).allMatch(row -> row.isNullAt(row.fieldIndex("values")));
    for (int first = 0; first < rollouts.size(); first += 2) {
      Row one = rollouts.get(first);
      Row two = rollouts.get(first + 1);
      assertThat(one.<String>getAs("prompt_id")).isEqualTo(two.getAs("prompt_id"));
      assertThat(Tokens.ids(one, "response_ids")).isNotEqualTo(Tokens.ids(two, "response_ids"));
    }
    assertThat(rollouts).extracting(row -> row.<Integer>getAs("sample")).containsOnly(1, 2);
    assertThat(Checkpoint.open(result.checkpoint(), run.context().run().configuration()).files())
        .doesNotContain("plumbline/value_head.safetensors");
    assertThat(TinyModel.weights(result.checkpoint(), Head.NONE))
        .isNotEqualTo(TinyModel.weights(start.uri(), Head.NONE));
    assertThat(run.metrics("ppo")).contains("equal_groups", "kl_loss").doesNotContain("value_loss");
    assertThat(run.metric("ppo", "kl_loss").get(1L)).isCloseTo(0, within(1e-6));
    assertThat(run.metric("ppo", "kl_loss").get(3L)).isPositive();
  }

  @Test
  void theKlIsSteered() throws Exception {
    TinyRun run = grouped("steered", "ppo.kl-target=1e-6", "ppo.kl-horizon=4");
    new PolicyStage(run.context(), start.uri(), reward.uri()).execute();

    var coef = run.metric("ppo", "kl_coef");
    var kl = run.metric("ppo", "kl");
    assertThat(coef.get(1L)).isEqualTo(0.2);
    for (long step = 1; step < 3; step++) {
      double error = Math.max(-0.2, Math.min(0.2, kl.get(step) / 1e-6 - 1));
      assertThat(coef.get(step + 1)).isCloseTo(coef.get(step) * (1 + error), within(1e-12));
    }
    assertThat(coef.get(3L)).isNotEqualTo(coef.get(2L));
  }

  @Test
  void promptsWithNothingToLearnFromAreReplaced() throws Exception {
    // Scores within such bounds are their signs, so that two completions often earn the same.
    String[] bounded = {
      "ppo.score-clip=1e-9",
      "ppo.kl-coef=0",
      "ppo.learning-rate=1e-12",
      "ppo.batch-size=8",
      "ppo.iterations=1",
      "ppo.mini-batch-size=8"
    };
    TinyRun plain = grouped("plain", bounded);
    new PolicyStage(plain.context(), start.uri(), reward.uri()).execute();
    String[] more = Arrays.copyOf(bounded, bounded.length + 1);
    more[bounded.length] = "ppo.dynamic-sampling=2";
    TinyRun dynamic = grouped("dynamic", more);
    PolicyStage.Result result =
        new PolicyStage(dynamic.context(), start.uri(), reward.uri()).execute();

    double equal = plain.metric("ppo", "equal_groups").get(1L);
    assertThat(equal).isPositive();
    assertThat(dynamic.metric("ppo", "equal_groups").get(1L)).isLessThan(equal);
    assertThat(result.completions()).isIn(16L, 24L);
    assertThat(rollouts(dynamic)).hasSize((int) result.completions());
  }

  @Test
  void groupsAreTheSameOnTwoRanks() throws Exception {
    for (String aggregation : List.of("token-mean", "seq-mean-token-mean", "dr-grpo")) {
      String set = "ppo.loss-aggregation=" + aggregation;
      TinyRun one = grouped("one " + aggregation, set);
      TinyRun two = grouped("two " + aggregation, set, "cluster.ranks=2");
      String alone =
          new PolicyStage(one.context(), start.uri(), reward.uri()).execute().checkpoint();
      String together =
          new PolicyStage(two.context(), start.uri(), reward.uri()).execute().checkpoint();
      assertThat(TinyModel.weights(together, Head.NONE))
          .as(aggregation)
          .containsExactly(TinyModel.weights(alone, Head.NONE), within(1e-4f));
    }
  }

  @Test
  void theBestAndPairsAreTheSameOnTwoRanks() throws Exception {
    for (String from : List.of("best", "pairs")) {
      // Where a gradient is nearly 0, Adam makes much of how it was rounded, in proportion to the
      // rate.
      String[] sets = {
        "ppo.learn-from=" + from,
        "ppo.batch-size=8",
        "ppo.mini-batch-size=4",
        "ppo.learning-rate=1e-3"
      };
      String[] more = Arrays.copyOf(sets, sets.length + 1);
      more[sets.length] = "cluster.ranks=2";
      TinyRun one = grouped("one " + from, sets);
      TinyRun two = grouped("two " + from, more);
      String alone =
          new PolicyStage(one.context(), start.uri(), reward.uri()).execute().checkpoint();
      String together =
          new PolicyStage(two.context(), start.uri(), reward.uri()).execute().checkpoint();
      assertThat(TinyModel.weights(together, Head.NONE))
          .as(from)
          .containsExactly(TinyModel.weights(alone, Head.NONE), within(1e-4f));
      assertThat(rollouts(one)).as(from).allMatch(row -> row.isNullAt(row.fieldIndex("values")));
      assertThat(one.metrics("ppo")).doesNotContain("policy_loss", "value_loss");
    }
  }

  /** Even ids become more by what is imitated or preferred. */
  @Test
  void theBestAndPairsRaiseTheReward() throws Exception {
    for (String from : List.of("best", "pairs")) {
      TinyRun run =
          grouped(
                  "raise by " + from,
                  "ppo.learn-from=" + from,
                  "ppo.samples-per-prompt=4",
                  "ppo.batch-size=32",
                  "ppo.mini-batch-size=16",
                  "ppo.iterations=8",
                  "ppo.kl-coef=0",
                  "ppo.learning-rate=0.01",
                  "reward.terms=[{name: even, sql: 'size(filter(response_ids, id -> id % 2 = 0)) / size(response_ids)'}]")
              .promptTexts(9);
      new PolicyStage(run.context(), start.uri(), "").execute();
      TreeMap<Long, Double> score = run.metric("ppo", "score");
      assertThat(score.get(8L)).as(from + " " + score).isGreaterThan(score.get(1L) + 0.1);
    }
  }

  @Test
  void saysWhenThereAreFewerPromptsThanABatchTakes() {
    TinyRun run = run("few").prompts(3);
    assertThatThrownBy(() -> new PolicyStage(run.context(), start.uri(), reward.uri()).execute())
        .hasMessage("Invalid ppo.batch-size: 4 (must be at most the 3 training prompts times 1)");
  }

  /** With all that an iteration hands to the next: the KL controller, prompts dealt, a critic. */
  @Test
  void aResumedRunIsAsIfItHadNeverStopped() {
    String[] steered = {
      "ppo.kl-target=0.01",
      "ppo.kl-horizon=8",
      "ppo.critic=separate",
      "ppo.critic-start=reward",
      "ppo.samples-per-prompt=2",
      "ppo.dynamic-sampling=1"
    };
    TinyRun calm = run("calm", steered);
    PolicyStage.Result expected =
        new PolicyStage(calm.context(), start.uri(), reward.uri()).execute();
    for (int iteration = 1; iteration < 3; iteration++) {
      TinyRun stopped = run("stopped-" + iteration, steered);
      StageContext ending = Interruption.at(iteration, stopped.context());
      assertThatThrownBy(() -> new PolicyStage(ending, start.uri(), reward.uri()).execute())
          .isInstanceOf(Interruption.class);
      PolicyStage.Result result =
          new PolicyStage(Interruption.resumed(stopped.context()), start.uri(), reward.uri())
              .execute();
      assertThat(result)
          .usingRecursiveComparison()
          .ignoringFields("checkpoint")
          .isEqualTo(expected);
      assertThat(TinyModel.weights(result.checkpoint(), Head.NONE))
          .isEqualTo(TinyModel.weights(expected.checkpoint(), Head.NONE));
      assertThat(critic(stopped)).isEqualTo(critic(calm));
      assertThat(rollouts(stopped)).isEqualTo(rollouts(calm));
      for (String name : calm.metrics("ppo")) {
        assertThat(stopped.metric("ppo", name)).isEqualTo(calm.metric("ppo", name)).hasSize(3);
      }
    }
    assertThat(calm.metric("ppo", "kl_coef").values()).doesNotHaveDuplicates();
  }

  @Test
  void whatComesOutIsTheBestByGold() throws Exception {
    // Gold is the number of the iteration, turned round after the third.
    TinyRun run =
        run(
                "gold",
                "ppo.iterations=5",
                "ppo.control.window=1",
                "ppo.control.gold=truth",
                "reward.terms=[{model: trained},"
                    + " {name: truth, weight: 0, sql: '-abs(iteration - 2)'}]")
            .promptTexts(9);
    PolicyStage.Result result = new PolicyStage(run.context(), start.uri(), reward.uri()).execute();

    assertThat(result.checkpoint())
        .isEqualTo(run.context().run().at("ppo/checkpoint/step-00000002"));
    assertThat(TrainedModel.of(run.context().run(), "ppo")).contains(result.checkpoint());
    assertThat(run.metric("ppo", "gold").values()).containsExactly(-2.0, -1.0, 0.0, -1.0, -2.0);
    assertThat(run.metric("ppo", "gold_error").values()).containsOnly(0.0);
    assertThat(result.iterations()).isEqualTo(5);
    assertThat(result.ended()).isEmpty();
  }

  @Test
  void aRunThatWasRolledBackResumesAsIfItHadNeverStopped() throws Exception {
    String[] falling = {
      "ppo.iterations=5",
      "ppo.control.window=1",
      "ppo.control.gold=truth",
      "ppo.control.action=rollback",
      "ppo.control.max-rollbacks=1",
      "reward.terms=[{name: proxy, sql: 'iteration'},"
          + " {name: truth, weight: 0, sql: '-abs(iteration - 1)'}]"
    };
    TinyRun calm = run("calm", falling).promptTexts(9);
    PolicyStage.Result expected = new PolicyStage(calm.context(), start.uri(), "").execute();

    // After the third iteration gold has fallen: back to what the first left. Then it falls again.
    assertThat(calm.metric("ppo", "gold")).hasSize(4);
    assertThat(expected.iterations()).isEqualTo(4);
    assertThat(expected.ended()).startsWith("the reward is being hacked: since iteration 2 gold");
    assertThat(expected.checkpoint()).endsWith("step-00000001");
    assertThat(calm.metric("ppo", "learning_rate").get(4L))
        .isLessThan(calm.metric("ppo", "learning_rate").get(2L));

    TinyRun stopped = run("stopped", falling).promptTexts(9);
    StageContext ending = Interruption.at(3, stopped.context());
    assertThatThrownBy(() -> new PolicyStage(ending, start.uri(), "").execute())
        .isInstanceOf(Interruption.class);
    PolicyStage.Result result =
        new PolicyStage(Interruption.resumed(stopped.context()), start.uri(), "").execute();
    assertThat(result).usingRecursiveComparison().ignoringFields("checkpoint").isEqualTo(expected);
    assertThat(rollouts(stopped)).isEqualTo(rollouts(calm));
    for (String name : calm.metrics("ppo")) {
      assertThat(stopped.metric("ppo", name)).isEqualTo(calm.metric("ppo", name));
    }
  }

  private static float[] critic(TinyRun run) {
    return TinyModel.weights(run.context().run().at("ppo/critic/step-00000003"), Head.CRITIC);
  }
}
