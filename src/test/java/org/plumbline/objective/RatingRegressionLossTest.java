package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RatingRegressionLossTest {
  private static final double[] SCORES = {0, 1.5, -2};
  private static final double[] RATINGS = {0.5, 1.5, 1};

  @AutoClose private final NDManager manager = Torch.manager();

  @Test
  void isTheSquaredError() {
    assertThat(
            new RatingRegressionLoss()
                .perResponse(manager.create(SCORES), manager.create(RATINGS))
                .toDoubleArray())
        .containsExactly(new double[] {0.25, 0, 9}, within(1e-12));
  }

  @Test
  void gradientIsThatOfTheValues() {
    UnaryOperator<NDArray> ofScores =
        x -> new RatingRegressionLoss().perResponse(x, x.getManager().create(RATINGS));
    double[] gradient = Torch.gradient(ofScores, SCORES);
    assertThat(gradient).containsExactly(Torch.differences(ofScores, SCORES), within(1e-7));
    assertThat(gradient).containsExactly(new double[] {-1, 0, -6}, within(1e-12));
  }

  @Test
  void refusesRatingsOfOtherResponses() {
    assertThatThrownBy(
            () ->
                new RatingRegressionLoss()
                    .perResponse(manager.create(SCORES), manager.create(new double[] {1, 2})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid rating: (2) (must be (3))");
  }
}
