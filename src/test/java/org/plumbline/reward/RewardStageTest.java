package org.plumbline.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.model.Head;
import org.plumbline.table.PairTokensTable;
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

  /**
   * So many prompts of three responses, best to worst by what they begin with, and two held out.
   */
  private static TinyRun ranked(TinyRun run, int prompts) {
    SplittableRandom random = new SplittableRandom(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < prompts + 2; i++) {
      int[] prompt = random.ints(random.nextInt(3, 9), 2, TinyRun.LIKED).toArray();
      int[][] responses = new int[3][];
      for (int rank = 0; rank < 3; rank++) {
        responses[rank] = random.ints(random.nextInt(3, 9), 2, TinyRun.LIKED).toArray();
        responses[rank][0] = TinyRun.LIKED + rank;
        responses[rank][responses[rank].length - 1] = TinyModel.END;
      }
      for (int[] pair : new int[][] {{0, 1}, {0, 2}, {1, 2}}) {
        rows.add(
            RowFactory.create(
                "p%02d-%d%d".formatted(i, pair[0], pair[1]),
                TinyRun.promptId(i),
                prompt,
                responses[pair[0]],
                responses[pair[1]],
                1.0,
                1.0,
                i < prompts ? "train" : "heldout"));
      }
    }
    return run.table(PairTokensTable.TABLE, "tokens/pairs", rows);
  }

  private TinyRun run(String loss, String batchBy, int ranks) {
    return TinyRun.in(
        folder.resolve("run-" + ranks),
        "reward.loss=" + loss,
        "reward.batch-by=" + batchBy,
        "cluster.ranks=" + ranks,
        "reward.batch-size=6",
        "reward.micro-batch-size=2",
        "reward.epochs=6",
        "reward.learning-rate=0.02",
        "reward.eval.every=12");
  }

  @ParameterizedTest
  @CsvSource({"bradley-terry,0.6931472", "plackett-luce,1.7917595"}) // ln 2 and ln 3!
  void promptsAreLearnedAsAWholeByAnyNumberOfRanks(String loss, double first) {
    TinyModel model = TinyModel.write(folder.resolve("model"), 4);
    TinyRun run = ranked(run(loss, "prompt", 1), 12);
    RewardStage.Result alone = new RewardStage(run.context(), model.uri()).execute();

    assertThat(alone.pairs()).isEqualTo(36);
    assertThat(alone.steps()).isEqualTo(12); // of 12 prompts an epoch
    assertThat(run.metric("reward", "loss").get(1L)).isCloseTo(first, within(1e-5));
    assertThat(run.metric("reward", "eval_loss").get(12L)).isLessThan(first);
    assertThat(alone.heldOutPairs()).isEqualTo(6);
    assertThat(alone.accuracyHeldOut()).isGreaterThan(0.6);
    if (loss.equals("plackett-luce")) {
      assertThat(run.metric("reward", "ranked").get(1L)).isEqualTo(1);
    }
    TinyRun two = ranked(run(loss, "prompt", 2), 12);
    RewardStage.Result together = new RewardStage(two.context(), model.uri()).execute();
    assertThat(TinyModel.weights(together.checkpoint(), Head.SCORE))
        .containsExactly(TinyModel.weights(alone.checkpoint(), Head.SCORE), within(1e-4f));
  }

  @Test
  void verdictsMakeAClassifierByAnyNumberOfRanks() {
    TinyModel model = TinyModel.write(folder.resolve("model"), 4);
    TinyRun run = run("binary", "pair", 1).unpaired(24).pairs(8);
    RewardStage.Result alone = new RewardStage(run.context(), model.uri()).execute();

    assertThat(alone.pairs()).isZero();
    assertThat(alone.responses()).isEqualTo(24);
    assertThat(alone.heldOutPairs()).isEqualTo(2);
    assertThat(run.metric("reward", "loss").get(1L)).isCloseTo(Math.log(2), within(1e-6));
    assertThat(run.metric("reward", "eval_accuracy").get(24L)).isBetween(0.0, 1.0);
    assertThat(run.metric("reward", "accuracy").get(24L)).isEqualTo(1);
    assertThat(run.metric("reward", "acceptable_score").get(24L)).isPositive();
    assertThat(run.metric("reward", "unacceptable_score").get(24L)).isNegative();
    TinyRun two = run("binary", "pair", 2).unpaired(24).pairs(8);
    RewardStage.Result together = new RewardStage(two.context(), model.uri()).execute();
    assertThat(TinyModel.weights(together.checkpoint(), Head.SCORE))
        .containsExactly(TinyModel.weights(alone.checkpoint(), Head.SCORE), within(1e-4f));
  }

  @Test
  void ratingsArePredictedByAnyNumberOfRanks() {
    TinyModel model = TinyModel.write(folder.resolve("model"), 4);
    TinyRun run = run("regression", "pair", 1).ratings(48).pairs(8);
    RewardStage.Result alone = new RewardStage(run.context(), model.uri()).execute();

    assertThat(alone.pairs()).isZero();
    assertThat(alone.responses()).isEqualTo(48);
    assertThat(alone.heldOutPairs()).isEqualTo(2);
    assertThat(alone.heldOutRatings()).isEqualTo(12);
    // ratings of responses that no update has seen
    assertThat(alone.pearsonHeldOut()).isGreaterThan(0.7);
    assertThat(alone.spearmanHeldOut()).isGreaterThan(0.5);
    // the variance of ratings, which is what a score of 0 for all costs
    TreeMap<Long, Double> losses = run.metric("reward", "eval_loss");
    assertThat(losses.lastEntry().getValue()).isLessThan(0.5 * 0.5);
    assertThat(run.metrics("reward"))
        .contains("absolute_error", "score", "eval_absolute_error", "eval_score");
    TinyRun two = run("regression", "pair", 2).ratings(48).pairs(8);
    RewardStage.Result together = new RewardStage(two.context(), model.uri()).execute();
    assertThat(TinyModel.weights(together.checkpoint(), Head.SCORE))
        .containsExactly(TinyModel.weights(alone.checkpoint(), Head.SCORE), within(1e-4f));
  }

  @Test
  void theFirstLossOfRatingsIsTheirMeanSquare() {
    TinyModel model = TinyModel.write(folder.resolve("model"), 4);
    TinyRun run =
        TinyRun.in(folder.resolve("run"), "reward.loss=regression", "reward.batch-size=24")
            .ratings(24)
            .pairs(0);

    RewardStage.Result result = new RewardStage(run.context(), model.uri()).execute();

    // of each six, the weights are 1 and 0.5 for high ratings, twice each for low ones
    double expected = (1.5 * 1 + 3 * 0.25) / 4.5;
    assertThat(result.loss()).isCloseTo(expected, within(1e-6));
    assertThat(run.metric("reward", "absolute_error").get(1L)).isCloseTo(2 / 3.0, within(1e-6));
  }

  private static Map<String, Row> scores(TinyRun run, String folder) {
    Map<String, Row> scores = new TreeMap<>();
    ScoresTable.TABLE
        .read(run.context().spark(), run.context().run().at(folder + "/scores"))
        .collectAsList()
        .forEach(row -> scores.put(row.getString(0), row));
    return scores;
  }

  @ParameterizedTest
  @ValueSource(strings = {"mean", "worst", "uncertainty"})
  void membersMakeAnEnsemble(String combine) {
    TinyModel model = TinyModel.write(folder.resolve("model"), 4);
    TinyRun run =
        TinyRun.in(
                folder.resolve("run"),
                "reward.members=3",
                "reward.combine=" + combine,
                "reward.uncertainty-coef=0.5",
                "reward.batch-size=4",
                "reward.learning-rate=0.02")
            .pairs(16);

    RewardStage.Result result = new RewardStage(run.context(), model.uri()).execute();

    assertThat(result.members()).hasSize(3).startsWith(result.checkpoint()).doesNotHaveDuplicates();
    assertThat(result.members().get(2)).contains("/reward-3/checkpoint/");
    List<Map<String, Row>> members =
        List.of(scores(run, "reward-1"), scores(run, "reward-2"), scores(run, "reward-3"));
    Map<String, Row> together = scores(run, "reward");
    assertThat(together).hasSize(4);
    together.forEach(
        (pair, row) -> {
          for (int side = 1; side <= 2; side++) {
            int column = side;
            double[] r =
                members.stream().mapToDouble(each -> each.get(pair).getDouble(column)).toArray();
            double mean = (r[0] + r[1] + r[2]) / 3;
            double std =
                Math.sqrt(
                    (Math.pow(r[0] - mean, 2) + Math.pow(r[1] - mean, 2) + Math.pow(r[2] - mean, 2))
                        / 3);
            double expected =
                switch (combine) {
                  case "worst" -> Math.min(r[0], Math.min(r[1], r[2]));
                  case "uncertainty" -> mean - 0.5 * std;
                  default -> mean;
                };
            assertThat(row.getDouble(side)).isCloseTo(expected, within(1e-9));
            assertThat(row.getDouble(side + 2)).isCloseTo(std, within(1e-9)).isPositive();
          }
        });
  }

  @Test
  void saysWhatALossCannotHave() {
    assertThatThrownBy(
            () ->
                new RewardStage(run("plackett-luce", "pair", 1).pairs(4).context(), "nowhere")
                    .execute())
        .hasMessage(
            "Invalid reward.batch-by: pair (must be prompt where reward.loss is plackett-luce)");
    assertThatThrownBy(
            () ->
                new RewardStage(run("binary", "prompt", 1).pairs(4).context(), "nowhere").execute())
        .hasMessage("Invalid reward.batch-by: prompt (must be pair where reward.loss is binary)");
  }

  private static boolean heldOut(String pairId) {
    return Integer.parseInt(pairId.substring(1)) >= 32;
  }
}
