package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Best of n, the adaptive KL coefficient and the overlong penalty, on numbers done by hand. */
class SearchAndControlTest {
  private static final double[] PROXY = {3, -1, 2, 0, 1};
  private static final double[] GOLD = {10, 20, 30, 40, 50};

  @Test
  void theBestOfOneIsTheMeanAndTheBestOfAllTheOneWithTheBestProxy() {
    assertThat(new BestOfN(1).kl()).isZero();
    assertThat(new BestOfN(1).expected(PROXY, GOLD)).isCloseTo(30, within(1e-12));
    assertThat(new BestOfN(5).expected(PROXY, GOLD)).isCloseTo(10, within(1e-12));
  }

  @Test
  void theBestOfThreeIsTheMeanOverAllThrees() {
    double sum = 0;
    int count = 0;
    for (int a = 0; a < 5; a++) {
      for (int b = a + 1; b < 5; b++) {
        for (int c = b + 1; c < 5; c++) {
          int best = PROXY[a] > PROXY[b] ? a : b;
          sum += GOLD[PROXY[best] > PROXY[c] ? best : c];
          count++;
        }
      }
    }
    assertThat(new BestOfN(3).expected(PROXY, GOLD)).isCloseTo(sum / count, within(1e-12));
  }

  @Test
  void equalProxyScoresShareTheirChance() {
    // Of three pairs one has 5 twice: 1 and 2 are as likely; the others have one 5.
    double[] proxy = {5, 5, 0};
    double[] gold = {1, 2, 9};
    assertThat(new BestOfN(2).expected(proxy, gold)).isCloseTo(1.5, within(1e-12));
    assertThat(new BestOfN(2).expected(new double[] {0, 0, 5}, new double[] {1, 2, 9}))
        .isCloseTo((1.5 + 9 + 9) / 3, within(1e-12));
  }

  @Test
  void manyCompletionsNeedNoLargeNumbers() {
    double[] proxy = new double[2000];
    for (int i = 0; i < proxy.length; i++) {
      proxy[i] = i;
    }
    // The expected maximum of n out of 0 ... N - 1 is (N + 1) n / (n + 1) - 1.
    assertThat(new BestOfN(512).expected(proxy, proxy))
        .isCloseTo(2001 * 512 / 513.0 - 1, within(1e-8));
  }

  @Test
  void theCoefficientFollowsTheKl() {
    AdaptiveKlCoef control = new AdaptiveKlCoef(6, 1000);
    assertThat(control.next(0.2, 6, 100)).isEqualTo(0.2);
    // 10 % too much; then errors count for 20 % at most.
    assertThat(control.next(0.2, 6.6, 100)).isCloseTo(0.2 * 1.01, within(1e-12));
    assertThat(control.next(0.2, 60, 100)).isCloseTo(0.2 * 1.02, within(1e-12));
    assertThat(control.next(0.2, -3, 100)).isCloseTo(0.2 * 0.98, within(1e-12));
    assertThat(control.next(0.2, 0, 100_000)).isZero();
  }

  @Test
  void thePenaltyFallsWithinTheBuffer() {
    OverlongPenalty penalty = new OverlongPenalty(20, 5);
    assertThat(penalty.of(1)).isZero();
    assertThat(penalty.of(15)).isZero();
    assertThat(penalty.of(16)).isCloseTo(-0.2, within(1e-12));
    assertThat(penalty.of(20)).isEqualTo(-1);
    assertThat(penalty.of(30)).isEqualTo(-1);
  }

  @Test
  void refusesWhatItCannotUse() {
    assertThatThrownBy(() -> new BestOfN(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid n: 0 (must be >= 1)");
    assertThatThrownBy(() -> new BestOfN(6).expected(PROXY, GOLD))
        .hasMessage("Invalid completions to choose from: 5 (must be >= 6)");
    assertThatThrownBy(() -> new BestOfN(1).expected(PROXY, new double[] {1}))
        .hasMessage("Invalid length of gold: 1 (must be 5)");
    assertThatThrownBy(() -> new AdaptiveKlCoef(0, 1))
        .hasMessage("Invalid target: 0.0 (must be > 0)");
    assertThatThrownBy(() -> new OverlongPenalty(4, 5))
        .hasMessage("Invalid maxLength: 4 (must be >= 5)");
  }
}
