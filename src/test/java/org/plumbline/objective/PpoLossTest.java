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

  /** Three completions of two, three and no tokens. */
  private static final double[] MASK = {1, 1, 0, 1, 1, 1, 0, 0, 0};

  private static final double[] LOGS = {1, -2, 9, 1, 2, 3, 9, 9, 9};

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
    TokenRatio same = new TokenRatio(logProbs, logProbs.duplicate());
    assertThat(same.perToken().toDoubleArray()).containsOnly(1);
    assertThat(POLICY.clipped(same, array(1, -1, 0.5)).toDoubleArray()).containsOnly(0);
    double[] gradient = Torch.gradient(x -> POLICY.perToken(ratio(x), array(1, -1, 0.5)), 0, 0, 0);
    assertThat(gradient).containsExactly(-1, 1, -0.5);
  }

  @Test
  void eachSideHasItsOwnBound() {
    // In range below 1.28; then -A 1.28, and A 0.8 on the other side.
    NDArray loss =
        new PpoPolicyLoss(0.2, 0.28).perToken(ratio(logs(1.25, 1.5, 0.5)), array(2, 2, -2));
    assertThat(loss.toDoubleArray())
        .containsExactly(new double[] {-2.5, -2.56, 1.6}, within(1e-12));
  }

  @Test
  void dualClipBoundsWhatABadTokenCosts() {
    PpoPolicyLoss dual = new PpoPolicyLoss(0.2, 0.2, 3);
    double[] logs = logs(0.5, 1, 10, 10, 2);
    NDArray advantages = array(1, -1, -4, 4, -4);
    // 3 and not 10 times 4; a good token is bound by 1.2 already, and a ratio of 2 counts in full.
    assertThat(dual.perToken(ratio(logs), advantages).toDoubleArray())
        .containsExactly(new double[] {-0.5, 1, 12, -4.8, 8}, within(1e-12));
    assertThat(dual.clipped(ratio(logs), advantages).toDoubleArray())
        .containsExactly(0, 0, 1, 1, 0);
    UnaryOperator<NDArray> loss = x -> dual.perToken(ratio(x), array(1, -1, -4, 4, -4));
    assertThat(Torch.gradient(loss, logs))
        .containsExactly(new double[] {-0.5, 1, 0, 0, 8}, within(1e-12));
  }

  @Test
  void aSequenceRatioIsTheGeometricMeanOfItsTokens() {
    SequenceRatio ratio = sequences(array(LOGS).reshape(3, 3));
    // e^((1 - 2) / 2), e^((1 + 2 + 3) / 3), and nothing.
    double[] each = {Math.exp(-0.5), Math.exp(2), 1};
    assertThat(ratio.perSequence().toDoubleArray()).containsExactly(each, within(1e-12));
    assertThat(ratio.perToken().toDoubleArray())
        .containsExactly(
            new double[] {
              each[0], each[0], each[0], each[1], each[1], each[1], each[2], each[2], each[2]
            },
            within(1e-12));
  }

  @Test
  void allTokensOfASequenceAreClippedTogether() {
    NDArray advantages = array(1, 1, 1, 1, 1, 1, 1, 1, 1).reshape(3, 3);
    SequenceRatio ratio = sequences(array(LOGS).reshape(3, 3));
    assertThat(POLICY.clipped(ratio, advantages).toDoubleArray())
        .containsExactly(0, 0, 0, 1, 1, 1, 0, 0, 0);
  }

  @Test
  void sequenceGradientIsSharedByItsTokens() {
    UnaryOperator<NDArray> loss =
        x ->
            new LossAggregation.SequenceMeanTokenMean()
                .sum(
                    POLICY.perToken(sequences(x.reshape(3, 3)), x.reshape(3, 3).onesLike()),
                    mask(x.getManager()));
    double[] gradient = Torch.gradient(loss, LOGS);
    assertThat(gradient).containsExactly(Torch.differences(loss, LOGS), within(1e-7));
    double share = -Math.exp(-0.5) / 2;
    assertThat(gradient)
        .containsExactly(new double[] {share, share, 0, 0, 0, 0, 0, 0, 0}, within(1e-12));
  }

  @Test
  void firstPassHasSequenceRatioOne() {
    NDArray logProbs = array(-1.3, -0.2, -7, -2, -0.1, -3, -1, -1, -1).reshape(3, 3);
    TokenRatio same = new TokenRatio(logProbs, logProbs.duplicate());
    assertThat(new SequenceRatio(same, mask(manager)).perToken().toDoubleArray()).containsOnly(1);
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
        .hasMessage("Invalid clipLow: -0.2 (must be > 0)");
    assertThatThrownBy(() -> new PpoPolicyLoss(0.2, 0))
        .hasMessage("Invalid clipHigh: 0.0 (must be > 0)");
    assertThatThrownBy(() -> new PpoPolicyLoss(0.1, 0.5, 1.5))
        .hasMessage("Invalid dualClip: 1.5 (must be > 1.5)");
    assertThatThrownBy(() -> new ClippedValueLoss(Double.NaN))
        .hasMessage("Invalid clipRange: NaN (must be > 0)");
    NDArray row = array(0, 0);
    NDArray column = row.reshape(2, 1);
    assertThatThrownBy(() -> new TokenRatio(row, column))
        .hasMessage("Invalid old: (2, 1) (must be (2))");
    assertThatThrownBy(() -> POLICY.perToken(new TokenRatio(row, row), column))
        .hasMessage("Invalid advantages: (2, 1) (must be (2))");
    assertThatThrownBy(() -> VALUE.perToken(row, row, column))
        .hasMessage("Invalid returns: (2, 1) (must be (2))");
    assertThatThrownBy(() -> new KlEstimator.K1().perToken(row, column))
        .hasMessage("Invalid refLogProbs: (2, 1) (must be (2))");
  }

  private TokenRatio ratio(double... current) {
    return ratio(array(current));
  }

  private TokenRatio ratio(NDArray current) {
    return new TokenRatio(
        current, current.getManager().zeros(current.getShape(), current.getDataType()));
  }

  /** Tokens whose log-ratios are {@code logs}, of shape [3, 3]. */
  private static SequenceRatio sequences(NDArray logs) {
    NDManager own = logs.getManager();
    TokenRatio tokens = new TokenRatio(logs, own.zeros(logs.getShape(), logs.getDataType()));
    return new SequenceRatio(tokens, mask(own));
  }

  private static NDArray mask(NDManager own) {
    return own.create(MASK).reshape(3, 3);
  }

  private NDArray array(double... values) {
    return manager.create(values);
  }

  private static double[] logs(double... values) {
    return Arrays.stream(values).map(Math::log).toArray();
  }
}
