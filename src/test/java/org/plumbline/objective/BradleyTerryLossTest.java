package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class BradleyTerryLossTest {
  private static final double[] CHOSEN = {1.2, -0.3, 0.5};
  private static final double[] REJECTED = {0.2, 0.4, 0.5};
  private static final BradleyTerryLoss PLAIN = new BradleyTerryLoss(0);

  @AutoClose private final NDManager manager = Torch.manager();

  @Test
  void hardLabels() {
    // log(1 + e^-d) for d = 1, -0.7, 0.
    assertThat(plain(1, 1, 1).toDoubleArray())
        .containsExactly(new double[] {0.3132616875, 1.1031860489, 0.6931471806}, within(1e-9));
  }

  @Test
  void softLabels() {
    // The loss of a hard label plus (1 - p) d, for d = 1, -0.7, 0.
    assertThat(plain(0.9, 0.5, 0.2).toDoubleArray())
        .containsExactly(new double[] {0.4132616875, 0.7531860489, 0.6931471806}, within(1e-9));
  }

  @Test
  void margin() {
    NDArray margin = manager.create(new double[] {0.5, 0, 1});
    NDArray loss = PLAIN.perPair(scores(CHOSEN), scores(REJECTED), scores(1, 1, 1), margin);
    // log(1 + e^-d) for d = 0.5, -0.7, -1.
    assertThat(loss.toDoubleArray())
        .containsExactly(new double[] {0.4740769842, 1.1031860489, 1.3132616875}, within(1e-9));
    assertThat(loss.mean().getDouble()).isCloseTo(0.9635082402, within(1e-9));
  }

  @Test
  void centering() {
    // Sums 1.4, 0.1, 1: squares 1.96, 0.01, 1, whose mean of 0.99 counts one hundredth.
    NDArray loss =
        new BradleyTerryLoss(0.01).perPair(scores(CHOSEN), scores(REJECTED), scores(1, 1, 1));
    assertThat(loss.mean().getDouble()).isCloseTo(0.7031983057 + 0.0099, within(1e-9));
  }

  @Test
  void gradientIsThatOfTheValues() {
    UnaryOperator<NDArray> ofChosen = x -> everything(x, scores(REJECTED));
    UnaryOperator<NDArray> ofRejected = x -> everything(scores(CHOSEN), x);
    assertThat(Torch.gradient(ofChosen, CHOSEN))
        .containsExactly(Torch.differences(ofChosen, CHOSEN), within(1e-7));
    assertThat(Torch.gradient(ofRejected, REJECTED))
        .containsExactly(Torch.differences(ofRejected, REJECTED), within(1e-7));
  }

  @Test
  void refusesWhatItCannotUse() {
    assertThatThrownBy(() -> new BradleyTerryLoss(-0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid centering: -0.5 (must be >= 0)");
    NDArray column = scores(REJECTED).reshape(3, 1);
    assertThatThrownBy(() -> PLAIN.perPair(scores(CHOSEN), column, scores(1, 1, 1)))
        .hasMessage("Invalid rejectedScores: (3, 1) (must be (3))");
    assertThatThrownBy(
            () -> PLAIN.perPair(scores(CHOSEN), scores(REJECTED), scores(1, 1, 1), column))
        .hasMessage("Invalid margin: (3, 1) (must be (3))");
  }

  private NDArray plain(double... probability) {
    return PLAIN.perPair(scores(CHOSEN), scores(REJECTED), scores(probability));
  }

  private NDArray everything(NDArray chosen, NDArray rejected) {
    return new BradleyTerryLoss(0.3)
        .perPair(chosen, rejected, scores(0.9, 0.4, 1), scores(0.5, 0, 1));
  }

  private NDArray scores(double... values) {
    return manager.create(values);
  }
}
