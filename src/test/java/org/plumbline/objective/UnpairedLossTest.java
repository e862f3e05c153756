package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UnpairedLossTest {
  @AutoClose private final NDManager manager = Torch.manager();

  static List<UnpairedLoss> all() {
    return List.of(new KtoLoss(0.3, 1, 1), new KtoLoss(0.3, 1, 1.33), new BcoLoss(0.3));
  }

  @Test
  void kto() {
    // 1 - s(0.1 (1 - 0.1)), 1 - s(0.1 (-1 - 0.1)); 1 - s(0.1 (0.1 + 2)), 1 - s(0.1 (0.1 - 1.5)).
    KtoLoss loss = new KtoLoss(0.1, 1, 2);
    assertThat(value(loss, 0.1, array(1, -1), 1, 1))
        .containsExactly(new double[] {0.4775151752, 0.5274723043}, within(1e-9));
    assertThat(value(loss, 0.1, array(-2, 1.5), 0, 0))
        .containsExactly(new double[] {2 * 0.4476920904, 2 * 0.5349429452}, within(1e-9));
  }

  @Test
  void klIsTheMeanOfOtherPromptsResponsesAndNeverNegative() {
    assertThat(KtoLoss.shift(new float[] {0.4f, -0.2f})).isCloseTo(0.1, within(1e-7));
    assertThat(KtoLoss.shift(new float[] {0.4f, -0.5f})).isZero();
    assertThatThrownBy(() -> KtoLoss.shift(new float[0]))
        .hasMessage("Invalid numbers to average: 0 (must be >= 1)");
  }

  @Test
  void ktoTellsHowMuchMoreDesirableResponsesCount() {
    assertThat(new KtoLoss(0.1, 3, 2).balance(40, 50)).isCloseTo(1.2, within(1e-12));
    assertThat(new KtoLoss(0.1, 1, 1).isBalanced(100, 100)).isTrue();
    assertThat(new KtoLoss(0.1, 1, 1).isBalanced(99, 100)).isFalse();
    assertThat(new KtoLoss(0.1, 4, 1).isBalanced(100, 300)).isTrue();
    assertThat(new KtoLoss(0.1, 4.1, 1).isBalanced(100, 300)).isFalse();
  }

  @Test
  void bcoOfBothKindsIsThatOfPairs() {
    NDArray desirable = array(1, -1);
    NDArray undesirable = array(-2, 1.5);
    double[] ofPairs =
        new BcoPairLoss(0.3)
            .perPair(new PairLogProbs(responses(desirable), responses(undesirable)))
            .toDoubleArray();
    double[] yes = value(new BcoLoss(0.3), 0, desirable, 1, 1);
    double[] no = value(new BcoLoss(0.3), 0, undesirable, 0, 0);
    assertThat(new double[] {yes[0] + no[0], yes[1] + no[1]})
        .containsExactly(ofPairs, within(1e-12));
  }

  @Test
  void bcoShiftsToBetweenBothKinds() {
    // Means of 3 and -1, however many there are of each.
    assertThat(BcoLoss.shift(new float[] {2, 4}, new float[] {-1})).isEqualTo(1);
    // There, a response is as surely of the one kind as of the other.
    assertThat(value(new BcoLoss(0.3), 1, array(1, 1), 1, 0))
        .containsExactly(new double[] {Math.log(2), Math.log(2)}, within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("all")
  void gradientIsThatOfTheValues(UnpairedLoss loss) {
    UnaryOperator<NDArray> ofRatios =
        x -> loss.perResponse(responses(x), x.getManager().create(new double[] {0.9, 0.2}), 0.5);
    double[] gradient = Torch.gradient(ofRatios, 1.5, -0.5);
    assertThat(gradient).containsExactly(Torch.differences(ofRatios, 1.5, -0.5), within(1e-7));
    // Towards what is probably desirable, away from what probably is not.
    assertThat(gradient[0]).isNegative();
    assertThat(gradient[1]).isPositive();
  }

  @ParameterizedTest
  @MethodSource("all")
  void uncertainLabelsLoseWhatIsExpected(UnpairedLoss loss) {
    double yes = value(loss, 0.5, array(2), 1)[0];
    double no = value(loss, 0.5, array(2), 0)[0];
    assertThat(value(loss, 0.5, array(2), 0.3)[0]).isCloseTo(0.3 * yes + 0.7 * no, within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("all")
  void staysFiniteFarFromTheReference(UnpairedLoss loss) {
    for (double ratio : new double[] {-4000, 4000}) {
      assertThat(value(loss, 0, array(ratio, ratio), 1, 0)[0]).isFinite();
      assertThat(value(loss, 0, array(ratio, ratio), 1, 0)[1]).isFinite();
    }
  }

  @Test
  void refusesWhatItCannotUse() {
    assertThatThrownBy(() -> new KtoLoss(0.1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid desirableWeight: 0.0 (must be > 0)");
    assertThatThrownBy(() -> new BcoLoss(-1)).hasMessage("Invalid beta: -1.0 (must be > 0)");
    for (UnpairedLoss loss : all()) {
      assertThatThrownBy(() -> loss.perResponse(responses(array(1, 2)), array(1), 0))
          .hasMessage("Invalid probability: (1) (must be (2))");
    }
  }

  private double[] value(UnpairedLoss loss, double shift, NDArray ratios, double... labels) {
    return loss.perResponse(responses(ratios), array(labels), shift).toDoubleArray();
  }

  private static ResponseLogProbs responses(NDArray logRatios) {
    return new ResponseLogProbs(logRatios, logRatios.zerosLike(), logRatios.onesLike());
  }

  private NDArray array(double... values) {
    return manager.create(values);
  }
}
