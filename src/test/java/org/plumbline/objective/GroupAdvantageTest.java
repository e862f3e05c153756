package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Advantages without a critic, on numbers done by hand. */
class GroupAdvantageTest {
  private static final float TOLERANCE = 1e-6f;
  private static final float[] ONE_TO_FOUR = {1, 2, 3, 4};

  static List<GroupAdvantage> all() {
    return List.of(
        new GroupAdvantage.Grpo(),
        new GroupAdvantage.DrGrpo(),
        new GroupAdvantage.Rloo(),
        new GroupAdvantage.ReinforcePlusPlusBaseline());
  }

  @Test
  void grpoDividesByTheUnbiasedDeviation() {
    // Variance (2.25 + 0.25) 2 / 3 = 5 / 3.
    double deviation = Math.sqrt(5.0 / 3) + 1e-4;
    assertThat(of(new GroupAdvantage.Grpo(), ONE_TO_FOUR))
        .containsExactly(
            floats(-1.5 / deviation, -0.5 / deviation, 0.5 / deviation, 1.5 / deviation),
            within(TOLERANCE));
  }

  @Test
  void drGrpoDoesNotDivide() {
    assertThat(of(new GroupAdvantage.DrGrpo(), ONE_TO_FOUR))
        .containsExactly(-1.5f, -0.5f, 0.5f, 1.5f);
  }

  @Test
  void rlooLeavesOneOut() {
    // 1 - (2 + 3 + 4) / 3, and so on.
    assertThat(of(new GroupAdvantage.Rloo(), ONE_TO_FOUR))
        .containsExactly(floats(-2, -2.0 / 3, 2.0 / 3, 2), within(TOLERANCE));
  }

  @Test
  void reinforcePlusPlusHasVarianceOneOverAllGroups() {
    List<float[]> advantages =
        new GroupAdvantage.ReinforcePlusPlusBaseline()
            .of(List.of(new float[] {0, 10}, new float[] {3, 4, 5}));
    Whitening all = Whitening.over(advantages);
    assertThat(all.mean()).isCloseTo(0, within(1e-6));
    assertThat(all.variance()).isCloseTo(1, within(1e-6));
    // Of the group with larger differences more is left: 5 to 1.
    assertThat(advantages.get(0)[1] / advantages.get(1)[2]).isCloseTo(5, within(1e-5f));
  }

  @ParameterizedTest
  @MethodSource("all")
  void sumsToNothingInAGroupOfAnySize(GroupAdvantage estimator) {
    List<float[]> advantages =
        estimator.of(List.of(new float[] {0.5f, -2}, new float[] {1, 5, 2}, ONE_TO_FOUR));
    assertThat(advantages).extracting(group -> group.length).containsExactly(2, 3, 4);
    for (float[] group : advantages) {
      assertThat(Mean.of(group)).isCloseTo(0, within(1e-6));
      assertThat(group).isNotEqualTo(new float[group.length]);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void equalRewardsTeachNothing(GroupAdvantage estimator) {
    float[] same = {0.1f, 0.1f, 0.1f, 0.1f, 0.1f};
    assertThat(of(estimator, same)).containsOnly(0);
  }

  @ParameterizedTest
  @MethodSource("all")
  void oneCompletionCannotBeCompared(GroupAdvantage estimator) {
    assertThatThrownBy(() -> estimator.of(List.of(ONE_TO_FOUR, new float[] {1})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid size of a group: 1 (must be >= 2)");
  }

  @Test
  void withoutGroupsWhatIsStillEarnedIsWhitened() {
    // Still earned, at a discount of a half: 1 + 4 / 2, 4, and -2.
    List<float[]> rewards = List.of(new float[] {1, 4}, new float[] {-2});
    List<float[]> returns = List.of(new float[] {3, 4}, new float[] {-2});
    Whitening whitening = Whitening.over(returns);
    List<float[]> advantages = new ReinforcePlusPlus(0.5).of(rewards);
    assertThat(advantages.get(0)).containsExactly(whitening.of(returns.get(0)), within(TOLERANCE));
    assertThat(advantages.get(1)).containsExactly(whitening.of(returns.get(1)), within(TOLERANCE));
    assertThatThrownBy(() -> new ReinforcePlusPlus(1.5))
        .hasMessage("Invalid gamma: 1.5 (must be between 0 and 1)");
  }

  private static float[] of(GroupAdvantage estimator, float[] group) {
    return estimator.of(List.of(group)).get(0);
  }

  private static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
