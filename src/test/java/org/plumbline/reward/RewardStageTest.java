package org.plumbline.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.table.ScoresTable;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

class RewardStageTest {
  @TempDir Path folder;

  @Test
  void learnsWhatPairsShareAndScoresTheHeldOutOnes() {
    TinyModel model = TinyModel.write(folder.resolve("model"), 4);
    TinyRun run =
        TinyRun.in(
                folder.resolve("run"),
                "reward.batch-size=16",
                "reward.epochs=10",
                "reward.learning-rate=0.02",
                "reward.score-train=true")
            .pairs(32);

    RewardStage.Result result = new RewardStage(run.context(), model.uri()).execute();

    assertThat(result.pairs()).isEqualTo(32);
    assertThat(result.steps()).isEqualTo(20);
    assertThat(run.metrics("reward"))
        .containsExactly("accuracy", "grad_norm", "learning_rate", "loss", "margin");
    assertThat(run.metric("reward", "loss").get(1L)).isCloseTo(Math.log(2), within(1e-6));
    assertThat(result.loss()).isLessThan(0.3);
    List<Row> scores =
        ScoresTable.TABLE
            .read(run.context().spark(), run.context().run().at("reward/scores"))
            .collectAsList();
    assertThat(scores).extracting(row -> row.getString(0)).allMatch(id -> heldOut(id)).hasSize(8);
    long right = scores.stream().filter(row -> row.getDouble(1) > row.getDouble(2)).count();
    assertThat(result.heldOutPairs()).isEqualTo(8);
    List<Row> learned =
        ScoresTable.TABLE
            .read(run.context().spark(), run.context().run().at("reward/train_scores"))
            .collectAsList();
    assertThat(learned)
        .extracting(row -> row.getString(0))
        .noneMatch(id -> heldOut(id))
        .hasSize(32)
        .doesNotHaveDuplicates();
    assertThat(learned)
        .filteredOn(row -> row.getDouble(1) > row.getDouble(2))
        .hasSizeGreaterThan(28);
    assertThat(result.accuracyHeldOut()).isEqualTo(right / 8.0).isGreaterThanOrEqualTo(0.875);
  }

  private static boolean heldOut(String pairId) {
    return Integer.parseInt(pairId.substring(1)) >= 32;
  }
}
