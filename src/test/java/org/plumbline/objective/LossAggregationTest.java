package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossAggregationTest {
  /** Padding holds numbers too. */
  private static final double[] LOSSES = {1, 2, 50, 3, 4, 5, 7, 60, 70};

  private static final double[] MASK = {1, 1, 0, 1, 1, 1, 1, 0, 0};

  @AutoClose private final NDManager manager = Torch.manager();

  static List<LossAggregation> all() {
    return List.of(
        new LossAggregation.TokenMean(),
        new LossAggregation.SequenceMeanTokenMean(),
        new LossAggregation.SequenceMeanTokenSum(),
        new LossAggregation.ConstantLength(8));
  }

  @Test
  void eachModeByHand() {
    // 22 over 6 tokens; (1.5 + 4 + 7) over 3 completions; 22 over 3; 22 over 3 times 8.
    double[] expected = {22.0 / 6, 12.5 / 3, 22.0 / 3, 22.0 / 24};
    for (int mode = 0; mode < expected.length; mode++) {
      LossAggregation aggregation = all().get(mode);
      double loss = sum(aggregation, ":") / aggregation.count(3, 6);
      assertThat(loss).as(aggregation.toString()).isCloseTo(expected[mode], within(1e-12));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void microBatchesAddUpToTheBatch(LossAggregation aggregation) {
    double sum = sum(aggregation, ":1") + sum(aggregation, "1:");
    double count = aggregation.count(1, 2) + aggregation.count(2, 4);
    assertThat(sum).isCloseTo(sum(aggregation, ":"), within(1e-12));
    assertThat(count).isEqualTo(aggregation.count(3, 6));
  }

  @ParameterizedTest
  @MethodSource("all")
  void aCompletionWithoutTokensAddsNothing(LossAggregation aggregation) {
    NDArray losses = manager.create(LOSSES).reshape(3, 3);
    assertThat(aggregation.sum(losses, losses.zerosLike()).getDouble()).isZero();
  }

  @Test
  void refusesWhatItCannotUse() {
    assertThatThrownBy(() -> new LossAggregation.ConstantLength(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid maxLength: 0 (must be >= 1)");
    NDArray losses = manager.create(LOSSES).reshape(3, 3);
    for (LossAggregation aggregation : all()) {
      assertThatThrownBy(() -> aggregation.sum(losses, losses.get(":1")))
          .hasMessage("Invalid mask: (1, 3) (must be (3, 3))");
    }
  }

  private double sum(LossAggregation aggregation, String rows) {
    return aggregation
        .sum(
            manager.create(LOSSES).reshape(3, 3).get(rows),
            manager.create(MASK).reshape(3, 3).get(rows))
        .getDouble();
  }
}
