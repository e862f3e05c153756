package org.plumbline.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Sequence;
import org.plumbline.model.Tape;
import org.plumbline.model.TokenBatch;
import org.plumbline.objective.BradleyTerryLoss;
import org.plumbline.testing.TinyModel;
import org.plumbline.train.LossSum;
import org.plumbline.train.Sums;
import org.plumbline.train.TokenPair;

/** Comparisons with responses to other prompts, against the equation worked out by hand. */
class RewardObjectiveTest {
  private static final double PROBABILITY = 0.8;
  private static final RewardObjective OBJECTIVE =
      new RewardObjective(new BradleyTerryLoss(0), false);
  private static final TokenPair FIRST =
      new TokenPair(new int[] {2, 3}, new int[] {4, 5, 6, 0}, new int[] {7, 0}, 1, 1);
  private static final TokenPair SECOND =
      new TokenPair(new int[] {8, 9, 10}, new int[] {11, 0}, new int[] {12, 13, 0}, 0.7, 3);
  private static final List<Comparisons> EXAMPLES =
      List.of(
          comparisons(FIRST, List.of()),
          comparisons(SECOND, List.of(new int[] {4, 5, 6, 0}, new int[] {14, 0})));

  private static Comparisons comparisons(TokenPair pair, List<int[]> others) {
    return Comparisons.of(
        pair.prompt(),
        List.of(
            new Compared(
                pair.chosen(), pair.rejected(), pair.probability(), pair.weight(), others)),
        PROBABILITY);
  }

  @TempDir Path folder;

  @Test
  void theLossIsThatOfAllComparisons() {
    try (LoadedModel model = model();
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      NDArray flat = weights(model, step);
      int[] prompt = SECOND.prompt();
      List<Sequence> rows =
          List.of(
              FIRST.chosenSequence(),
              FIRST.rejectedSequence(),
              SECOND.chosenSequence(),
              SECOND.rejectedSequence(),
              new Sequence(prompt, new int[] {4, 5, 6, 0}),
              new Sequence(prompt, new int[] {14, 0}));
      float[] r = model.decoder().scores(flat, TokenBatch.of(rows, step)).toFloatArray();
      double expected =
          loss(r[0] - r[1], 1)
              + 3 * loss(r[2] - r[3], 0.7)
              + 3 * loss(r[2] - r[4], PROBABILITY)
              + 3 * loss(r[2] - r[5], PROBABILITY);

      Sums sums = new Sums();
      NDArray gradient = step.zeros(flat.getShape(), DataType.FLOAT32);
      LossSum sum = loss(model, flat, gradient, step, sums);

      assertThat((double) sum.loss().getFloat()).isCloseTo(expected, within(1e-4));
      assertThat(sum.count()).isEqualTo(1 + 3 + 3 + 3);
      assertThat(sums.count("accuracy")).isEqualTo(2);
      assertThat(sums.count("cross_prompt_accuracy")).isEqualTo(2);
      long right = Stream.of(r[4], r[5]).filter(other -> r[2] > other).count();
      assertThat(sums.means().get("cross_prompt_accuracy")).isEqualTo(right / 2.0);
    }
  }

  @Test
  void theGradientIsTheSlopeOfTheLoss() {
    try (LoadedModel model = model();
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      NDArray flat = weights(model, step);
      NDArray gradient = step.zeros(flat.getShape(), DataType.FLOAT32);
      loss(model, flat, gradient, step, new Sums());
      // Along the gradient itself the slope is the square of its norm.
      double norm = gradient.norm().getFloat();
      double h = 1e-2 / norm;
      NDArray up = flat.add(gradient.mul(h));
      NDArray down = flat.sub(gradient.mul(h));
      NDArray unused = step.zeros(new Shape(flat.size()), DataType.FLOAT32);
      double slope =
          (loss(model, up, unused, step, new Sums()).loss().getFloat()
                  - loss(model, down, unused, step, new Sums()).loss().getFloat())
              / (2 * h);
      assertThat(slope / (norm * norm)).isCloseTo(1, within(0.02));
    }
  }

  private static final int[] PROMPT = {2, 3};
  private static final int[] BEST = {4, 5, 0};
  private static final int[] MIDDLE = {6, 0};
  private static final int[] WORST = {7, 8, 9, 0};

  private static Compared pair(int[] chosen, int[] rejected, double probability) {
    return new Compared(chosen, rejected, probability, 3, List.of());
  }

  /** A prompt of three responses, each pair of which was judged. */
  private static final Comparisons THREE =
      Comparisons.of(
          PROMPT,
          List.of(pair(MIDDLE, WORST, 0.9), pair(BEST, WORST, 1), pair(BEST, MIDDLE, 0.8)),
          PROBABILITY);

  /** What {@code objective} loses on {@code examples}, and how much that counts. */
  private double[] loses(RewardObjective objective, Comparisons... examples) {
    try (LoadedModel model = model();
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      NDArray flat = weights(model, step);
      NDArray gradient = step.zeros(flat.getShape(), DataType.FLOAT32);
      LossSum sum = loss(model, flat, gradient, step, new Sums(), objective, List.of(examples));
      return new double[] {sum.loss().getFloat(), sum.count()};
    }
  }

  private double[] scores(int[]... responses) {
    try (LoadedModel model = model();
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      List<Sequence> rows = Stream.of(responses).map(ids -> new Sequence(PROMPT, ids)).toList();
      float[] scores =
          model.decoder().scores(weights(model, step), TokenBatch.of(rows, step)).toFloatArray();
      return new double[] {scores[0], scores[1], scores[2]};
    }
  }

  @Test
  void allPairsOfAPromptCountAsTheirMean() {
    double[] r = scores(BEST, MIDDLE, WORST);
    double expected =
        3 * (loss(r[1] - r[2], 0.9) + loss(r[0] - r[2], 1) + loss(r[0] - r[1], 0.8)) / 3;
    double[] found = loses(OBJECTIVE, THREE);
    assertThat(found[0]).isCloseTo(expected, within(1e-4));
    assertThat(found[1]).isEqualTo(3);
    assertThat(THREE.responses()).hasSize(3); // each is run once
  }

  @Test
  void aRankingHasTheLikelihoodOfPlackettAndLuce() {
    double[] r = scores(BEST, MIDDLE, WORST);
    double first = Math.log(Math.exp(r[0]) + Math.exp(r[1]) + Math.exp(r[2])) - r[0];
    double second = Math.log(Math.exp(r[1]) + Math.exp(r[2])) - r[1];
    RewardObjective ranking = new RewardObjective(new BradleyTerryLoss(0), true);
    Comparisons two = Comparisons.of(PROMPT, List.of(pair(BEST, MIDDLE, 0.8)), PROBABILITY);

    double[] found = loses(ranking, THREE, two);

    assertThat(found[0]).isCloseTo(3 * (first + second) + 3 * loss(r[0] - r[1], 0.8), within(1e-4));
    assertThat(found[1]).isEqualTo(6);
    // what is in no one order is learned pair by pair
    Comparisons open =
        Comparisons.of(PROMPT, List.of(pair(BEST, MIDDLE, 1), pair(BEST, WORST, 1)), PROBABILITY);
    assertThat(loses(ranking, open)).isEqualTo(loses(OBJECTIVE, open));
  }

  @Test
  void pairsMakeARankingIfTheyLeaveOneOrder() {
    assertThat(THREE.ranking().stream().map(THREE.responses()::get))
        .containsExactly(BEST, MIDDLE, WORST);
    List<Compared> neighbours = List.of(pair(MIDDLE, WORST, 1), pair(BEST, MIDDLE, 1));
    assertThat(Comparisons.of(PROMPT, neighbours, 1).ranking()).containsExactly(2, 0, 1);
    List<Compared> circle =
        List.of(pair(MIDDLE, WORST, 1), pair(BEST, MIDDLE, 1), pair(WORST, BEST, 1));
    assertThat(Comparisons.of(PROMPT, circle, 1).ranking()).isEmpty();
  }

  private LoadedModel model() {
    return TinyModel.write(folder.resolve("model"), 6).load(Head.SCORE);
  }

  /** Weights with which scores differ: a fresh head gives 0 to everything. */
  private static NDArray weights(LoadedModel model, NDManager step) {
    Random random = new Random(1);
    float[] weights = model.flat().toFloatArray();
    for (int i = 0; i < weights.length; i++) {
      weights[i] += (float) (0.2 * random.nextGaussian());
    }
    return step.create(weights);
  }

  private static LossSum loss(
      LoadedModel model, NDArray flat, NDArray gradient, NDManager step, Sums sums) {
    return loss(model, flat, gradient, step, sums, OBJECTIVE, EXAMPLES);
  }

  private static LossSum loss(
      LoadedModel model,
      NDArray flat,
      NDArray gradient,
      NDManager step,
      Sums sums,
      RewardObjective objective,
      List<Comparisons> examples) {
    JniUtils.setGradMode(true);
    try {
      Tape tape = new Tape(model.decoder(), flat, gradient, step, false);
      LossSum sum = objective.loss(tape, step, examples, sums);
      tape.backward(sum.loss());
      return sum;
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  private static double loss(double gap, double probability) {
    return probability * Math.log1p(Math.exp(-gap)) + (1 - probability) * Math.log1p(Math.exp(gap));
  }
}
