package org.plumbline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.stage.StageContext;
import org.plumbline.table.RolloutsTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.TinyRun;

class BestOfStageTest {
  /** Of two prompts; by the reward the last of each is the best, by gold one in the middle. */
  private static final double[][] REWARDS = {{0, 1, 2, 3}, {1, 3, 5, 7}};

  private static final double[][] GOLD = {{0, 4, 2, 1}, {2, 2, 8, 0}};

  @TempDir Path folder;

  private StageContext context(String... sets) {
    TinyRun run = TinyRun.in(folder, sets);
    List<Row> rows = new ArrayList<>();
    for (int prompt = 0; prompt < REWARDS.length; prompt++) {
      for (int sample = 0; sample < REWARDS[prompt].length; sample++) {
        rows.add(row(prompt, sample));
      }
    }
    RolloutsTable.TABLE.write(
        LocalSpark.session().createDataFrame(rows, RolloutsTable.TABLE.schema()),
        run.context().run().at(BestOfStage.ROLLOUTS));
    return run.context();
  }

  private static Row row(int prompt, int sample) {
    return RowFactory.create(
        0,
        "start",
        TinyRun.promptId(prompt),
        sample + 1,
        new int[] {2},
        new int[] {3},
        "",
        new float[] {-1},
        new float[] {-1},
        new float[] {-1},
        null,
        0.0,
        Map.of("truth", GOLD[prompt][sample]),
        REWARDS[prompt][sample],
        0.0,
        "stop",
        0L);
  }

  @Test
  void goldIsThatOfWhatTheRewardChose() {
    BestOfStage.Result result =
        new BestOfStage(context("best-of.samples=4", "best-of.gold=truth")).execute();

    assertThat(result.prompts()).isEqualTo(2);
    assertThat(result.policies()).containsOnlyKeys("best of 1", "best of 2", "best of 4");
    // Best of 2 of 4: the last is chosen in 3 of 6 choices, the one before it in 2, then in 1.
    check(result, "best of 1", 0, (1.5 + 4) / 2, (1.75 + 3) / 2);
    check(
        result,
        "best of 2",
        Math.log(2) - 0.5,
        (14 / 6.0 + 34 / 6.0) / 2,
        (11 / 6.0 + 18 / 6.0) / 2);
    check(result, "best of 4", Math.log(4) - 0.75, (3 + 7) / 2.0, (1 + 0) / 2.0);
    // Two prompts, of which the rewards differ by 2.5 and the gold by 1.25: half of it is the
    // error.
    assertThat(result.policies().get("best of 1").rewardError()).isCloseTo(1.25, within(1e-9));
    assertThat(result.policies().get("best of 1").goldError()).isCloseTo(0.625, within(1e-9));
  }

  private static void check(
      BestOfStage.Result result, String policy, double kl, double reward, double gold) {
    BestOfStage.Chosen chosen = result.policies().get(policy);
    assertThat(chosen.kl()).as(policy).isCloseTo(kl, within(1e-9));
    assertThat(chosen.reward()).as(policy).isCloseTo(reward, within(1e-9));
    assertThat(chosen.gold()).as(policy).isCloseTo(gold, within(1e-9));
  }

  @Test
  void withoutGoldThereIsNone() {
    BestOfStage.Result result = new BestOfStage(context("best-of.samples=4")).execute();
    assertThat(result.policies().get("best of 4").gold()).isNull();
    assertThat(result.policies().get("best of 4").reward()).isCloseTo(5, within(1e-9));
    assertThat(result.goldFit()).isNull();
  }
}
