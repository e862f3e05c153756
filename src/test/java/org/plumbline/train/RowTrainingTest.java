package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.SftSettings;
import org.plumbline.stage.RunFolder;
import org.plumbline.table.PairTokensTable;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

class RowTrainingTest {
  @TempDir Path folder;

  private RowTraining.Outcome train(int ranks, int rows, int batchSize, double epochs) {
    TinyModel model = TinyModel.write(folder.resolve("model"), 5);
    TinyRun run = TinyRun.in(folder.resolve("run"), "cluster.ranks=" + ranks).pairs(rows);
    SftSettings sft = run.context().settings().sft();
    TrainingPlan plan =
        new TrainingPlan(1e-3, batchSize, batchSize, epochs, 100, sft.optimizer(), sft.lora());
    var pairs =
        PairTokensTable.TABLE
            .read(run.context().spark(), run.context().run().at("tokens/pairs"))
            .where("split = 'train'");
    return new RowTraining<>(run.context(), "imitate", plan, new Imitation(), TokenPair::of)
        .on(Map.of("fingerprint", "f00d"))
        .run(pairs, "pair_id", model.uri());
  }

  @Test
  void aShortLastBatchIsABatchToo() {
    RowTraining.Outcome outcome = train(1, 5, 2, 1);
    assertThat(outcome.steps()).isEqualTo(3);
    assertThat(outcome.dropped()).isZero();
    assertThat(outcome.checkpoint()).endsWith("imitate/checkpoint/step-00000003");
  }

  @Test
  void theCheckpointTellsWhichPairsItWasTrainedOn() {
    RowTraining.Outcome outcome = train(1, 2, 2, 1);
    RunFolder anywhere = new RunFolder(folder.toUri().toString(), new Configuration());
    assertThat(TrainedPairs.of(outcome.checkpoint(), anywhere))
        .containsExactly(Map.entry("fingerprint", "f00d"));
    assertThat(TrainedPairs.of(folder.resolve("model").toUri().toString(), anywhere)).isEmpty();
  }

  @Test
  void aLastBatchTooShortForAllRanksIsLeftOutAndCounted() {
    // two epochs of 5 rows, each a batch of 4 and a row left over
    RowTraining.Outcome outcome = train(2, 5, 4, 2);
    assertThat(outcome.steps()).isEqualTo(2);
    assertThat(outcome.dropped()).isEqualTo(2);
  }

  @Test
  void anEpochCutShortDropsNothingOfItsOwn() {
    // an epoch is two batches of 2 and a row left over; three steps are one epoch and a half
    RowTraining.Outcome outcome = train(2, 5, 2, 1.5);
    assertThat(outcome.steps()).isEqualTo(3);
    assertThat(outcome.dropped()).isEqualTo(1);
  }

  @Test
  void saysWhenThereIsTooLittleForTheRanks() {
    assertThatThrownBy(() -> train(2, 1, 4, 1))
        .hasMessage("Cannot train imitate: 1 rows for 2 ranks");
    assertThatThrownBy(() -> train(3, 8, 2, 1))
        .hasMessage("Invalid imitate.batch-size: 2 (must be at least cluster.ranks, 3)");
  }
}
