package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PlackettLuceLossTest {
  private static final PlackettLuceLoss LOSS = new PlackettLuceLoss();

  @AutoClose private final NDManager manager = Torch.manager();

  @Test
  void ofTwoResponsesItIsBradleyTerry() {
    NDArray chosen = manager.create(new double[] {1.2, -0.3});
    NDArray rejected = manager.create(new double[] {0.2, 0.4});
    NDArray pairs = new BradleyTerryLoss(0).perPair(chosen, rejected, chosen.onesLike());
    NDArray scores = manager.create(new double[] {1.2, 0.2, -0.3, 0.4}).reshape(2, 2);
    assertThat(LOSS.perPrompt(scores).toDoubleArray())
        .containsExactly(pairs.toDoubleArray(), within(1e-12));
  }

  @Test
  void probabilitiesOfAllOrdersSumToOne() {
    double[] r = {0.5, -1, 2};
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    double sum = 0;
    double likeliest = 0;
    for (int[] order : orders) {
      double[] scores = {r[order[0]], r[order[1]], r[order[2]]};
      double probability =
          Math.exp(-LOSS.perPrompt(manager.create(scores).reshape(1, 3)).getDouble());
      sum += probability;
      likeliest = Math.max(likeliest, probability);
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
    // By scores: 2, 0.5, -1.
    double best =
        Math.exp(2)
            / (Math.exp(2) + Math.exp(0.5) + Math.exp(-1))
            * Math.exp(0.5)
            / (Math.exp(0.5) + Math.exp(-1));
    assertThat(likeliest).isCloseTo(best, within(1e-12));
  }

  @Test
  void gradientIsThatOfTheValues() {
    double[] scores = {0.5, -1, 2, 1.5, 0, 0.3, -2, 1};
    UnaryOperator<NDArray> loss = x -> LOSS.perPrompt(x.reshape(2, 4));
    assertThat(Torch.gradient(loss, scores))
        .containsExactly(Torch.differences(loss, scores), within(1e-7));
  }

  @Test
  void oneResponseIsNoRanking() {
    NDArray one = manager.create(new double[] {1, 2}).reshape(2, 1);
    assertThatThrownBy(() -> LOSS.perPrompt(one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid responses of a ranking: 1 (must be >= 2)");
  }
}
