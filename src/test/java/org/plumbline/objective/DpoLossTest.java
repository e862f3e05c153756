package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DpoLossTest {
  private static final double[] CHOSEN = {-10, -20};
  private static final double[] REJECTED = {-14, -18};

  @AutoClose private final NDManager manager = Torch.manager();

  @Test
  void marginIsWhatThePolicyPrefersMoreThanTheReference() {
    // (-10 + 11) - (-14 + 12) = 3; (-20 + 19) - (-18 + 19.5) = -2.5.
    assertThat(batch(CHOSEN, REJECTED).margin().toDoubleArray()).containsExactly(3, -2.5);
  }

  @Test
  void hardLabels() {
    // log(1 + e^-0.3) and log(1 + e^0.25).
    assertThat(loss(batch(CHOSEN, REJECTED), 1, 1).toDoubleArray())
        .containsExactly(new double[] {0.5543552445, 0.8259394199}, within(1e-9));
  }

  @Test
  void softLabels() {
    // One in ten labels is wrong: the loss above, plus 0.1 beta h = 0.03 and -0.025.
    assertThat(loss(batch(CHOSEN, REJECTED), 0.9, 0.9).toDoubleArray())
        .containsExactly(new double[] {0.5843552445, 0.8009394199}, within(1e-9));
  }

  @Test
  void policyThatEqualsItsReferenceLosesLogTwo() {
    NDArray chosen = manager.create(CHOSEN);
    NDArray rejected = manager.create(REJECTED);
    assertThat(loss(pairs(chosen, rejected, chosen, rejected), 1, 0.3).toDoubleArray())
        .containsExactly(new double[] {Math.log(2), Math.log(2)}, within(1e-12));
  }

  @Test
  void labelsOfZeroSwapTheResponses() {
    var swapped =
        pairs(
            manager.create(REJECTED),
            manager.create(CHOSEN),
            manager.create(new double[] {-12, -19.5}),
            manager.create(new double[] {-11, -19}));
    assertThat(loss(batch(CHOSEN, REJECTED), 0, 0).toDoubleArray())
        .containsExactly(loss(swapped, 1, 1).toDoubleArray(), within(1e-12));
  }

  @Test
  void farFromTheReferenceItStaysFiniteAndExact() {
    NDArray zeros = manager.zeros(new Shape(2));
    var batch = pairs(manager.create(new float[] {-4000, 4000}), zeros, zeros, zeros);
    NDArray ones = manager.ones(zeros.getShape());
    // beta h = -400 and 400: the loss is 400, and e^-400, which float32 cannot tell from 0.
    assertThat(new DpoLoss(0.1).perPair(batch, ones).toFloatArray())
        .containsExactly(new float[] {400, 0}, within(1e-4f));
  }

  @Test
  void gradientIsThatOfTheValues() {
    UnaryOperator<NDArray> ofChosen = x -> loss(batch(x, manager.create(REJECTED)), 0.9, 0.4);
    UnaryOperator<NDArray> ofRejected = x -> loss(batch(manager.create(CHOSEN), x), 0.9, 0.4);
    assertThat(Torch.gradient(ofChosen, CHOSEN))
        .containsExactly(Torch.differences(ofChosen, CHOSEN), within(1e-7));
    assertThat(Torch.gradient(ofRejected, REJECTED))
        .containsExactly(Torch.differences(ofRejected, REJECTED), within(1e-7));
    // By hand: beta (s(beta h) - p).
    double first = 0.1 * (1 / (1 + Math.exp(-0.3)) - 0.9);
    assertThat(Torch.gradient(ofChosen, CHOSEN)[0]).isCloseTo(first, within(1e-9));
  }

  @Test
  void refusesWhatItCannotUse() {
    assertThatThrownBy(() -> new DpoLoss(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid beta: 0.0 (must be > 0)");
    NDArray row = manager.create(CHOSEN);
    NDArray column = row.reshape(2, 1);
    assertThatThrownBy(() -> pairs(row, row, column, row))
        .hasMessage("Invalid reference: (2, 1) (must be (2))");
    assertThatThrownBy(() -> new DpoLoss(0.1).perPair(batch(CHOSEN, REJECTED), column))
        .hasMessage("Invalid probability: (2, 1) (must be (2))");
  }

  private NDArray loss(PairLogProbs batch, double... probability) {
    return new DpoLoss(0.1).perPair(batch, manager.create(probability));
  }

  private PairLogProbs batch(double[] chosen, double[] rejected) {
    return batch(manager.create(chosen), manager.create(rejected));
  }

  private PairLogProbs batch(NDArray chosen, NDArray rejected) {
    return pairs(
        chosen,
        rejected,
        manager.create(new double[] {-11, -19}),
        manager.create(new double[] {-12, -19.5}));
  }

  private static PairLogProbs pairs(
      NDArray chosen, NDArray rejected, NDArray refChosen, NDArray refRejected) {
    return new PairLogProbs(
        new ResponseLogProbs(chosen, refChosen, chosen.onesLike()),
        new ResponseLogProbs(rejected, refRejected, rejected.onesLike()));
  }
}
