package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PpoLossTest {
  private static final PpoPolicyLoss POLICY = new PpoPolicyLoss(0.2);
  private static final ClippedValueLoss VALUE = new ClippedValueLoss(0.2);

  /** All four quadrants: ratio below and above the range, advantage of either sign. */
  private static final double[] RATIOS = {0.5, 0.5, 1.1, 1.1, 1.5, 1.5};

  private static final double[] ADVANTAGES = {1, -1, 2, -2, 2, -2};

  @AutoClose private final NDManager manager = Torch.manager();

  @Test
  void policyLoss() {
    // -A ratio, but -A 0.8 where a bad token is rarer than 0.8, -A 1.2 where a good one is above.
    NDArray loss = POLICY.perToken(ratio(logs(RATIOS)), array(ADVANTAGES));
    assertThat(loss.toDoubleArray())
        .containsExactly(new double[] {-0.5, 0.8, -2.2, 2.2, -2.4, 3}, within(1e-12));
  }

  @Test
  void clippedAreTheTokensThatWentTooFarInTheDirectionOfTheirAdvantage() {
    NDArray clipped = POLICY.clipped(ratio(logs(RATIOS)), array(ADVANTAGES));
    assertThat(clipped.toDoubleArray()).containsExactly(0, 1, 0, 0, 1, 0);
  }

  @Test
  void policyGradientIsThatOfTheValuesAndZeroWhereClipped() {
    UnaryOperator<NDArray> loss = x -> POLICY.perToken(ratio(x), array(ADVANTAGES));
    double[] gradient = Torch.gradient(loss, logs(RATIOS));
    assertThat(gradient).containsExactly(Torch.differences(loss, logs(RATIOS)), within(1e-7));
    assertThat(gradient).containsExactly(new double[] {-0.5, 0, -2.2, 2.2, 0, 3}, within(1e-12));
  }

  @Test
  void firstPassHasRatioOneAndThePlainPolicyGradient() {
    NDArray logProbs = array(-1.3, -0.2, -7);
    LogProbRatio same = new LogProbRatio(logProbs, logProbs.duplicate());
    assertThat(same.perToken().toDoubleArray()).containsOnly(1);
    assertThat(POLICY.clipped(same, array(1, -1, 0.5)).toDoubleArray()).containsOnly(0);
    double[] gradient = Torch.gradient(x -> POLICY.perToken(ratio(x), array(1, -1, 0.5)), 0, 0, 0);
    assertThat(gradient).containsExactly(-1, 1, -0.5);
  }

  @Test
  void valueLoss() {
    // Old value 3. 3.1 is in range: (3.1 - 3.5)^2 / 2. 4 is clipped to 3.2, and the worse of both
    // counts: (3.2 - 5)^2 / 2 for a return of 5, (4 - 3)^2 / 2 for a return of 3.
    NDArray loss = VALUE.perToken(array(3.1, 4, 4), array(3, 3, 3), array(3.5, 5, 3));
    assertThat(loss.toDoubleArray()).containsExactly(new double[] {0.08, 1.62, 0.5}, within(1e-12));
  }

  @Test
  void valueGradientIsThatOfTheValues() {
    UnaryOperator<NDArray> loss = x -> VALUE.perToken(x, array(3, 3, 3), array(3.5, 5, 3));
    double[] gradient = Torch.gradient(loss, 3.1, 4, 4);
    assertThat(gradient).containsExactly(Torch.differences(loss, 3.1, 4, 4), within(1e-7));
    assertThat(gradient).containsExactly(new double[] {-0.4, 0, 1}, within(1e-12));
  }

  @Test
  void klEstimators() {
    // Log-probability -1 against 0 and -3, so q = -1 and 2.
    NDArray policy = array(-1, -1);
    NDArray reference = array(0, -3);
    assertThat(new KlEstimator.K1().perToken(policy, reference).toDoubleArray())
        .containsExactly(-1, 2);
    assertThat(new KlEstimator.K2().perToken(policy, reference).toDoubleArray())
        .containsExactly(0.5, 2);
    assertThat(new KlEstimator.K3().perToken(policy, reference).toDoubleArray())
        .containsExactly(new double[] {Math.E - 2, Math.exp(-2) + 1}, within(1e-12));
  }

  @Test
  void klGradientsAreThoseOfTheValues() {
    for (KlEstimator kl :
        new KlEstimator[] {new KlEstimator.K1(), new KlEstimator.K2(), new KlEstimator.K3()}) {
      UnaryOperator<NDArray> loss = x -> kl.perToken(x, array(-0.5, -3));
      assertThat(Torch.gradient(loss, -1, -1))
          .as(kl.toString())
          .containsExactly(Torch.differences(loss, -1, -1), within(1e-7));
    }
  }

  @Test
  void refusesWhatItCannotUse() {
    assertThatThrownBy(() -> new PpoPolicyLoss(-0.2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid clipRange: -0.2 (must be > 0)");
    assertThatThrownBy(() -> new ClippedValueLoss(Double.NaN))
        .hasMessage("Invalid clipRange: NaN (must be > 0)");
    NDArray row = array(0, 0);
    NDArray column = row.reshape(2, 1);
    assertThatThrownBy(() -> new LogProbRatio(row, column))
        .hasMessage("Invalid old: (2, 1) (must be (2))");
    assertThatThrownBy(() -> POLICY.perToken(new LogProbRatio(row, row), column))
        .hasMessage("Invalid advantages: (2, 1) (must be (2))");
    assertThatThrownBy(() -> VALUE.perToken(row, row, column))
        .hasMessage("Invalid returns: (2, 1) (must be (2))");
    assertThatThrownBy(() -> new KlEstimator.K1().perToken(row, column))
        .hasMessage("Invalid refLogProbs: (2, 1) (must be (2))");
  }

  private LogProbRatio ratio(double... current) {
    return ratio(array(current));
  }

  private LogProbRatio ratio(NDArray current) {
    return new LogProbRatio(
        current, current.getManager().zeros(current.getShape(), current.getDataType()));
  }

  private NDArray array(double... values) {
    return manager.create(values);
  }

  private static double[] logs(double... values) {
    return Arrays.stream(values).map(Math::log).toArray();
  }
}
