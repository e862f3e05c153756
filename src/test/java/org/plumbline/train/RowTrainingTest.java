package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.SftSettings;
import org.plumbline.model.Head;
import org.plumbline.stage.RunFolder;
import org.plumbline.table.PairTokensTable;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

class RowTrainingTest {
  @TempDir Path folder;

  private RowTraining.Outcome train(int ranks, int rows, int batchSize, double epochs) {
    TinyModel model = TinyModel.write(folder.resolve("model"), 5);
    TinyRun run = TinyRun.in(folder.resolve("run-" + ranks), "cluster.ranks=" + ranks).pairs(rows);
    SftSettings sft = run.context().settings().sft();
    TrainingPlan plan =
        new TrainingPlan(1e-3, batchSize, batchSize, epochs, 100, sft.optimizer(), sft.lora());
    var pairs =
        PairTokensTable.TABLE
            .read(run.context().spark(), run.context().run().at("tokens/pairs"))
            .where("split = 'train'");
    return new RowTraining<>(run.context(), "imitate", plan, new LikelyPairs(), TokenPair::of)
        .on(Map.of("fingerprint", "f00d"))
        .run(pairs, "pair_id", model.uri());
  }

  @Test
  void aShortLastBatchIsABatchToo() {
    RowTraining.Outcome outcome = train(1, 5, 2, 1);
    assertThat(outcome.steps()).isEqualTo(3);
    assertThat(outcome.checkpoint()).endsWith("imitate/checkpoint/step-00000003");
  }

  @Test
  void theCheckpointTellsWhichPairsItWasTrainedOn() {
    RowTraining.Outcome outcome = train(1, 2, 2, 1);
    RunFolder anywhere = new RunFolder(folder.toUri().toString(), new Configuration());
    assertThat(TrainedPairs.stateOf(outcome.checkpoint(), anywhere))
        .containsExactly(Map.entry("pairs", Map.of("fingerprint", "f00d")));
    assertThat(TrainedPairs.stateOf(folder.resolve("model").toUri().toString(), anywhere))
        .isEmpty();
  }

  @Test
  void moreRanksThanRowsInTheLastBatch() {
    // two epochs of 5 rows, each a batch of 4 and a row left over, which only rank 0 has
    float[] alone = TinyModel.weights(train(1, 5, 4, 2).checkpoint(), Head.NONE);
    RowTraining.Outcome outcome = train(2, 5, 4, 2);
    assertThat(outcome.steps()).isEqualTo(4);
    assertThat(TinyModel.weights(outcome.checkpoint(), Head.NONE))
        .containsExactly(alone, within(1e-5f));
  }

  @Test
  void anEpochMayBeCutShort() {
    // an epoch is three batches, the last of one row; four steps are one epoch and a third
    assertThat(train(2, 5, 2, 4 / 3.0).steps()).isEqualTo(4);
  }

  @Test
  void saysWhenThereIsTooLittle() {
    assertThatThrownBy(() -> train(2, 0, 4, 1))
        .hasMessage("Cannot train imitate: there are no rows");
    assertThatThrownBy(() -> train(3, 8, 2, 1))
        .hasMessage("Invalid imitate.batch-size: 2 (must be at least cluster.ranks, 3)");
  }

  @Test
  void aRowThatGotLostIsNotTrainedWithout() {
    TinyModel model = TinyModel.write(folder.resolve("model"), 5);
    TinyRun run = TinyRun.in(folder.resolve("run"));
    SftSettings sft = run.context().settings().sft();
    TrainingPlan training = new TrainingPlan(1e-3, 2, 2, 1, 100, sft.optimizer(), sft.lora());
    StagePlan plan =
        new StagePlan(
            "imitate",
            model.uri(),
            true,
            run.context().run().at("imitate/checkpoint/step-00000002"),
            4,
            0,
            1,
            run.context().settings().model(),
            LearningRate.of(1e-3, sft.optimizer(), 2),
            training,
            Map.of(),
            Residence.NONE,
            Evaluation.NONE);
    TokenPair pair = new TokenPair(new int[] {2, 3}, new int[] {5, 0}, new int[] {7, 0}, 1, 1);
    assertThatThrownBy(
            () ->
                UpdateStage.run(
                    run.context(),
                    run.steps(List.of(List.of(pair, pair), List.of(pair))),
                    plan,
                    new LikelyPairs()))
        .hasMessageContaining(
            "Cannot update imitate: rank 0 of 1 has 1 of its 2 examples of step 2 of 2");
  }
}
