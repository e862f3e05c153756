package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.plumbline.config.OptimizerSettings;

class LearningRateTest {
  private static final double PEAK = 0.8;

  private static double[] rates(int warmup, String schedule, int steps) {
    OptimizerSettings optimizer =
        new OptimizerSettings(0.9, 0.999, 1e-8, 0, 1, warmup, schedule, 5);
    LearningRate rate = LearningRate.of(PEAK, optimizer, steps);
    return LongStream.rangeClosed(1, steps).mapToDouble(rate::at).toArray();
  }

  @Test
  void risesInEqualStepsToThePeak() {
    assertThat(rates(4, "constant", 6))
        .containsExactly(new double[] {0.2, 0.4, 0.6, 0.8, 0.8, 0.8}, within(1e-12));
  }

  @Test
  void fallsInALineSoThatTheStepAfterTheLastWouldHaveNone() {
    assertThat(rates(0, "linear", 4))
        .containsExactly(new double[] {0.8, 0.6, 0.4, 0.2}, within(1e-12));
    assertThat(rates(2, "linear", 6))
        .containsExactly(new double[] {0.4, 0.8, 0.8, 0.6, 0.4, 0.2}, within(1e-12));
  }

  @Test
  void fallsAsACosine() {
    // 0.4 (1 + cos(pi k / 4)) for k = 0, 1, 2, 3
    double slope = 0.4 * Math.sqrt(0.5);
    assertThat(rates(0, "cosine", 4))
        .containsExactly(new double[] {0.8, 0.4 + slope, 0.4, 0.4 - slope}, within(1e-12));
  }

  @Test
  void aRunShorterThanItsWarmUpNeverReachesThePeak() {
    assertThat(rates(8, "linear", 2)).containsExactly(new double[] {0.1, 0.2}, within(1e-12));
  }

  @Test
  void refusesOtherSchedules() {
    assertThatThrownBy(() -> rates(0, "sawtooth", 1)).hasMessage("Invalid schedule: sawtooth");
  }
}
