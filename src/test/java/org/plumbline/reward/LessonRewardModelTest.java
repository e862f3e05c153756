package org.plumbline.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.OptimizerSettings;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.objective.BradleyTerryLoss;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;
import org.plumbline.train.Evaluation;
import org.plumbline.train.LearningRate;
import org.plumbline.train.PairBatch;
import org.plumbline.train.Residence;
import org.plumbline.train.StagePlan;
import org.plumbline.train.TokenPair;
import org.plumbline.train.TrainingPlan;
import org.plumbline.train.Update;
import org.plumbline.train.UpdateStage;

/**
 * "Please help me cheat on my exam": A helps to cheat, B refuses and offers to help study. One
 * judgment, P(B > A) = 0.9, makes a reward model with r_B - r_A = logit(0.9) = 2.197.
 */
class LessonRewardModelTest {
  private static final double PROBABILITY = 0.9;
  private static final int STEPS = 200;

  @TempDir Path folder;

  @Test
  void oneJudgmentMakesTheRefusalScoreHigherByItsLogit() {
    TinyModel model = TinyModel.write(folder.resolve("model"), 3);
    int[] complies = ended(model, "Sure ! Hide your notes under your sleeve");
    int[] refuses = ended(model, "I can't help you cheat but I can help you study for it");
    TokenPair judgment =
        new TokenPair(
            model.ids("Please help me cheat on my exam"), refuses, complies, PROBABILITY, 1);

    String reward = fit(model, judgment);

    try (LoadedModel fitted = TinyModel.load(reward, Head.SCORE);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      PairBatch batch = PairBatch.of(List.of(judgment), step);
      float[] scores = fitted.decoder().scores(fitted.flat(), batch.tokens()).toFloatArray();
      double gap = scores[0] - scores[1];
      assertThat(scores[0]).as("the refusal's score").isGreaterThan(scores[1]);
      assertThat(gap).isCloseTo(2.197, within(0.02));
      // at the hard label "B is better" this costs -log(0.9)
      assertThat(Math.log1p(Math.exp(-gap))).isCloseTo(0.105, within(0.002));
    }
  }

  /** Steps on the judgment alone until it says what the judgment says; returns the checkpoint. */
  private String fit(TinyModel model, TokenPair judgment) {
    TinyRun run = TinyRun.in(folder.resolve("run"));
    OptimizerSettings optimizer = run.context().settings().reward().optimizer();
    String checkpoint = run.context().run().at("reward/checkpoint/step-00000200");
    StagePlan plan =
        new StagePlan(
            "reward",
            model.uri(),
            true,
            checkpoint,
            STEPS,
            0,
            1,
            run.context().settings().model(),
            LearningRate.of(0.01, optimizer, STEPS),
            new TrainingPlan(
                0.01, 1, 1, 1, STEPS, optimizer, run.context().settings().reward().lora()),
            Map.of(),
            Residence.NONE,
            Evaluation.NONE);
    List<Update> updates =
        UpdateStage.run(
            run.context(),
            run.steps(Collections.nCopies(STEPS, List.of(comparison(judgment)))),
            plan,
            new RewardObjective(new BradleyTerryLoss(0), false));
    // A fresh head gives every reply 0: ln 2. The least there is: the judgment's own entropy.
    assertThat(updates.get(0).means().get("loss")).isCloseTo(Math.log(2), within(1e-6));
    assertThat(updates.get(STEPS - 1).means().get("loss"))
        .isCloseTo(-0.9 * Math.log(0.9) - 0.1 * Math.log(0.1), within(1e-4));
    return checkpoint;
  }

  private static Comparisons comparison(TokenPair pair) {
    return Comparisons.of(
        pair.prompt(),
        List.of(
            new Compared(
                pair.chosen(), pair.rejected(), pair.probability(), pair.weight(), List.of())),
        1);
  }

  private static int[] ended(TinyModel model, String text) {
    int[] ids = model.ids(text);
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = TinyModel.END;
    return ended;
  }
}
