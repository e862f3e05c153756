package org.plumbline.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CertaintyTest {
  private final Certainty alike = new Certainty(Pool.of(List.of(0.8)));

  @Test
  void peopleOfOneAccuracyAreAMajority() {
    // 3 of 0.8: 0.8^3 + 3 * 0.8^2 * 0.2 = 0.896; two of them say no more than one.
    assertThat(alike.after(3, 0)).isCloseTo(0.896, within(1e-9));
    assertThat(alike.after(1, 0)).isCloseTo(0.8, within(1e-9));
    assertThat(alike.after(2, 0)).isCloseTo(0.8, within(1e-9));
    for (int n : new int[] {1, 2, 3, 7, 12}) {
      assertThat(alike.after(n, 0)).as("%d", n).isCloseTo(alike.majority(n), within(1e-9));
    }
  }

  @Test
  void votesByReliabilityOutdoVotesThatAreCounted() {
    Certainty mixed = new Certainty(Pool.of(List.of(0.99, 0.55, 0.55)));
    assertThat(mixed.after(5, 0)).isGreaterThan(mixed.majority(5) + 0.05);
  }

  /** Enumerated by hand: one judge of 0.9, one of 0.6; either is drawn each time. */
  @Test
  void twoJudgmentsOfAMixedPool() {
    Certainty mixed = new Certainty(Pool.of(List.of(0.9, 0.6)));
    // Both the good one, both the other: a tie where they differ. One of each: the good one
    // decides.
    double bothGood = 0.9 * 0.9 + 0.9 * 0.1;
    double bothPoor = 0.6 * 0.6 + 0.6 * 0.4;
    assertThat(mixed.after(2, 0))
        .isCloseTo(0.25 * bothGood + 0.25 * bothPoor + 0.5 * 0.9, within(1e-9));
  }

  @Test
  void whatIsKnownAlreadyCounts() {
    double prior = Math.log(0.95 / 0.05);
    assertThat(alike.after(0, prior)).isCloseTo(0.95, within(1e-9));
    assertThat(alike.after(1, prior)).as("one of 0.8 cannot turn it").isCloseTo(0.95, within(1e-9));
    assertThat(alike.after(3, prior)).isGreaterThan(0.95);
    assertThat(alike.after(3, -prior)).isCloseTo(alike.after(3, prior), within(1e-9));
    assertThat(alike.needed(0.95, prior)).isZero();
    assertThat(alike.needed(0.89, 0)).isEqualTo(3);
    assertThat(alike.needed(0.9, 0)).isEqualTo(5);
  }

  @Test
  void coinsNeverGetThere() {
    assertThat(new Certainty(Pool.of(List.of(0.5))).needed(0.9, 0)).isEqualTo(99);
    assertThatThrownBy(() -> Pool.of(List.of()))
        .hasMessageStartingWith("Cannot plan: no annotator");
  }
}
