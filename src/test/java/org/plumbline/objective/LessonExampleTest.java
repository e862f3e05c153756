package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * People prefer B, which refuses and offers an alternative, to A, which helps to cheat: P(B > A) =
 * 0.9. So r_B - r_A = logit(0.9) = 2.197, and a judgment for B then costs 0.105.
 */
class LessonExampleTest {
  private static final double PROBABILITY = 0.9;
  private static final double GAP = Math.log(PROBABILITY / (1 - PROBABILITY));

  @AutoClose private final NDManager manager = Torch.manager();

  @Test
  void gapIsTheLogitAndItsLossIsMinusTheLogOfTheProbability() {
    assertThat(GAP).isCloseTo(2.197, within(5e-4));
    double loss = loss(manager.create(new double[] {0, GAP}), 1).getDouble();
    assertThat(loss).isCloseTo(0.105, within(5e-4));
    assertThat(loss).isCloseTo(-Math.log(PROBABILITY), within(1e-12));
  }

  @Test
  void softLabelIsLeastExactlyAtThatGap() {
    UnaryOperator<NDArray> soft = scores -> loss(scores, PROBABILITY);
    assertThat(Torch.gradient(soft, 0, GAP)).containsExactly(new double[] {0, 0}, within(1e-12));
    assertThat(Torch.differences(soft, 0, GAP)).containsExactly(new double[] {0, 0}, within(1e-9));
    assertThat(Torch.gradient(soft, 0, GAP - 0.1)[1]).isNegative();
    assertThat(Torch.gradient(soft, 0, GAP + 0.1)[1]).isPositive();
  }

  @Test
  void descentOnTwoScoresFindsTheGapAndPrefersTheRefusal() {
    double[] scores = {0.5, -0.5};
    for (int step = 0; step < 200; step++) {
      double[] gradient = Torch.gradient(x -> loss(x, PROBABILITY), scores);
      scores[0] -= gradient[0];
      scores[1] -= gradient[1];
    }
    assertThat(scores[1]).isGreaterThan(scores[0]);
    assertThat(scores[1] - scores[0]).isCloseTo(GAP, within(1e-6));
    // Only the difference is determined: the sum stays what it was.
    assertThat(scores[0] + scores[1]).isCloseTo(0, within(1e-12));
  }

  /** The loss of one judgment, where {@code scores} are those of A and of B. */
  private NDArray loss(NDArray scores, double probability) {
    NDArray ofA = scores.get("0:1");
    NDArray ofB = scores.get("1:2");
    return new BradleyTerryLoss(0).perPair(ofB, ofA, manager.create(new double[] {probability}));
  }
}
