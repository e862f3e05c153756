package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.model.Head;
import org.plumbline.table.RolloutsTable;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

class PolicyStageTest {
  @TempDir Path folder;
  private TinyModel start;
  private TinyModel reward;

  @BeforeEach
  void writeModels() {
    start = TinyModel.write(folder.resolve("start"), 1);
    reward = TinyModel.write(folder.resolve("reward"), 2, Head.SCORE);
  }

  private TinyRun run(String name, int prompts) {
    return TinyRun.in(
            folder.resolve(name),
            "ppo.iterations=3",
            "ppo.batch-size=4",
            "ppo.mini-batch-size=2",
            "ppo.epochs=2",
            "ppo.learning-rate=0.003",
            "ppo.generation.max-new-tokens=8")
        .prompts(prompts);
  }

  private static List<Row> rollouts(TinyRun run) {
    return RolloutsTable.TABLE
        .read(run.context().spark(), run.context().run().at("ppo/rollouts"))
        .orderBy("iteration", "prompt_id")
        .collectAsList();
  }

  @Test
  void threeIterationsTwiceGiveTheSame() throws Exception {
    TinyRun first = run("first", 9);
    TinyRun second = run("second", 9);
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
            "learning_rate",
            "loss",
            "policy_loss",
            "response_tokens",
            "rlhf_reward",
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
  void saysWhenThereAreFewerPromptsThanABatchTakes() {
    TinyRun run = run("few", 3);
    assertThatThrownBy(() -> new PolicyStage(run.context(), start.uri(), reward.uri()).execute())
        .hasMessage("Invalid ppo.batch-size: 4 (must be at most the 3 training prompts)");
  }
}
