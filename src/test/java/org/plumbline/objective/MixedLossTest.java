package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class MixedLossTest {
  @AutoClose private final NDManager manager = Torch.manager();

  private ResponseLogProbs responses(double... ratios) {
    NDArray policy = manager.create(ratios);
    return new ResponseLogProbs(policy, policy.zerosLike(), policy.onesLike().mul(4));
  }

  private static MixedLoss mixed(PreferenceLoss first, double w, PreferenceLoss second, double v) {
    return new MixedLoss(List.of(new MixedLoss.Part(first, w), new MixedLoss.Part(second, v)));
  }

  private static double minusLogS(double x) {
    return Math.log1p(Math.exp(-x));
  }

  @Test
  void isTheWeightedSum() {
    PairLogProbs pairs = new PairLogProbs(responses(2, -1), responses(0.5, 1));
    NDArray probability = manager.create(new double[] {1, 0.7});
    double[] found =
        mixed(new DpoLoss(0.3), 0.8, new BcoPairLoss(0.3), 0.2)
            .perPair(pairs, probability)
            .toDoubleArray();

    double sure = 0.8 * minusLogS(0.3 * 1.5) + 0.2 * (minusLogS(0.3 * 2) + minusLogS(-0.3 * 0.5));
    double forward = 0.8 * minusLogS(0.3 * -2) + 0.2 * (minusLogS(0.3 * -1) + minusLogS(-0.3));
    double backward = 0.8 * minusLogS(0.3 * 2) + 0.2 * (minusLogS(0.3) + minusLogS(0.3));
    assertThat(found)
        .containsExactly(new double[] {sure, 0.7 * forward + 0.3 * backward}, within(1e-9));
  }

  @Test
  void measuresAreThoseOfTheFirstAndAReferenceIsAskedIfAnyWantsIt() {
    MixedLoss mixed = mixed(new CpoLoss(0.5), 1, new DpoLoss(0.3), 1);
    assertThat(mixed.beta()).isEqualTo(0.5);
    assertThat(mixed.reward(responses(2)).toDoubleArray()).containsExactly(1.0);
    assertThat(mixed.needsReference()).isTrue();
    assertThat(mixed(new CpoLoss(0.5), 1, new SimpoLoss(2, 1), 1).needsReference()).isFalse();
  }

  @Test
  void refusesWhatItCannotUse() {
    assertThatThrownBy(() -> new MixedLoss(List.of()))
        .hasMessage("Invalid losses of a mixture: 0 (must be >= 1)");
    assertThatThrownBy(() -> new MixedLoss.Part(new DpoLoss(0.1), 0))
        .hasMessage("Invalid weight: 0.0 (must be > 0)");
  }
}
