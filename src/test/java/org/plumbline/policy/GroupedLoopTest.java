package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.model.Head;
import org.plumbline.table.Tokens;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/** Loops in which completions of one prompt are compared with each other. */
class GroupedLoopTest extends SmallLoops {
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
    // Of nine prompts some are dealt again, and are answered by other completions.
    assertThat(rollouts(dynamic))
        .extracting(row -> row.getAs("prompt_id") + " " + row.getAs("sample"))
        .doesNotHaveDuplicates();
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
        "ppo.learning-rate=3e-4"
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
      one.metric("ppo", "loss")
          .forEach(
              (step, loss) ->
                  assertThat(two.metric("ppo", "loss").get(step))
                      .as("%s, step %d", from, step)
                      .isCloseTo(loss, within(1e-4)));
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
}
