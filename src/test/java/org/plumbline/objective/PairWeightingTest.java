package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What direct methods may do to log-probabilities and pairs before their losses. */
class PairWeightingTest {
  /** Prompt, then two response tokens and padding; a prompt token and three. */
  private static final double[] MASK = {0, 1, 1, 0, 0, 1, 1, 1};

  private static final double[] LOGPROBS = {-90, -1, -2, -80, -70, -3, -4, -5};

  @AutoClose private final NDManager manager = Torch.manager();

  @Test
  void tokensBeyondTheOtherResponseCountLess() {
    // Of one token, so the second counts a quarter; of three, so all count.
    assertThat(desensitized(0.25, 1, 3)).containsExactly(-1.5, -12);
    assertThat(desensitized(0.25, 2, 1)).containsExactly(-3, -3 - 9 / 4.0);
    assertThat(desensitized(0, 1, 1)).containsExactly(-1, -3);
    assertThat(desensitized(1, 1, 1)).containsExactly(-3, -12);
  }

  @Test
  void lessIsLearnedFromTheRest() {
    UnaryOperator<NDArray> sum =
        x ->
            new LengthDesensitized(0.25)
                .of(
                    x.reshape(2, 4),
                    x.getManager().create(MASK).reshape(2, 4),
                    x.getManager().create(new double[] {1, 3}));
    assertThat(Torch.gradient(sum, LOGPROBS)).containsExactly(0, 1, 0.25, 0, 0, 1, 1, 1);
  }

  @Test
  void whatThePolicySaysItselfWeighsOne() {
    // Each token is as probable as those that the policy samples: among four, and among two, alike.
    NDArray logProbs = matrix(0, Math.log(0.25), Math.log(0.25), 0, 0, Math.log(0.5), 0, 0);
    NDArray logSquares = matrix(9, Math.log(0.25), Math.log(0.25), 9, 9, Math.log(0.5), 0, 0);
    double[] weights =
        new WpoWeight().perResponse(logProbs, logSquares, matrix(MASK)).toDoubleArray();
    assertThat(weights).containsExactly(new double[] {1, 1}, within(1e-12));
  }

  @Test
  void whatItWouldNotSayWeighsLess() {
    // Half as probable as expected at each of two tokens; at one of three, by a factor of 1/8.
    NDArray logProbs = matrix(0, -Math.log(2), -Math.log(2), 0, 0, -Math.log(8), 0, 0);
    double[] weights =
        new WpoWeight().perResponse(logProbs, logProbs.zerosLike(), matrix(MASK)).toDoubleArray();
    assertThat(weights).containsExactly(new double[] {0.5, 0.5}, within(1e-12));
  }

  @Test
  void weightsTeachNothing() {
    UnaryOperator<NDArray> loss =
        x -> {
          NDArray each = x.reshape(2, 4);
          NDArray mask = x.getManager().create(MASK).reshape(2, 4);
          return new WpoWeight()
              .perResponse(each, each.zerosLike(), mask)
              .add(each.sum(new int[] {1}));
        };
    assertThat(Torch.gradient(loss, LOGPROBS)).containsOnly(1);
  }

  @Test
  void refusesWhatItCannotUse() {
    assertThatThrownBy(() -> new LengthDesensitized(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid alpha: 1.5 (must be between 0 and 1)");
    NDArray matrix = matrix(MASK);
    assertThatThrownBy(
            () -> new LengthDesensitized(1).of(matrix, matrix.get(":1"), matrix.get(":, 0")))
        .hasMessage("Invalid mask: (1, 4) (must be (2, 4))");
  }

  private double[] desensitized(double alpha, double... otherTokens) {
    return new LengthDesensitized(alpha)
        .of(matrix(LOGPROBS), matrix(MASK), manager.create(otherTokens))
        .toDoubleArray();
  }

  private NDArray matrix(double... values) {
    return manager.create(values).reshape(2, 4);
  }
}
