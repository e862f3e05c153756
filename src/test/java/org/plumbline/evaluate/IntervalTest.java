package org.plumbline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class IntervalTest {
  @Test
  void isTheScoreInterval() {
    // 8 of 10: centre (0.8 + z2/20) / (1 + z2/10) with z2 = 3.8415, half width 0.2266
    Interval interval = Interval.ofShare(0.8, 10);
    assertThat(interval.low()).isCloseTo(0.4902, within(5e-5));
    assertThat(interval.high()).isCloseTo(0.9433, within(5e-5));
  }

  @Test
  void staysWithinSharesAtTheEnds() {
    // 0 of n: from 0 to z2 / (n + z2)
    Interval none = Interval.ofShare(0, 10);
    assertThat(none.low()).isCloseTo(0, within(1e-12));
    assertThat(none.high()).isCloseTo(3.841459 / 13.841459, within(1e-6));
    Interval all = Interval.ofShare(1, 10);
    assertThat(all.low()).isCloseTo(1 - none.high(), within(1e-12));
    assertThat(all.high()).isCloseTo(1, within(1e-12));
  }
}
