package org.plumbline.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class DrawsTest {
  @Test
  void dependsOnSeedPurposeAndIndexAlone() {
    double drawn = Draws.of(1, "a", 2).uniform();
    assertThat(Draws.of(1, "a", 2).uniform()).isEqualTo(drawn);
    assertThat(Draws.of(2, "a", 2).uniform()).isNotEqualTo(drawn);
    assertThat(Draws.of(1, "b", 2).uniform()).isNotEqualTo(drawn);
    assertThat(Draws.of(1, "a", 3).uniform()).isNotEqualTo(drawn);
  }

  @Test
  void followsItsLaws() {
    int n = 100_000;
    int[] favourites = new int[3];
    int[] weighted = new int[3];
    double uniform = 0;
    double gumbel = 0;
    double square = 0;
    for (int i = 0; i < n; i++) {
      Draws draws = Draws.of(0, "laws", i);
      uniform += draws.uniform() / n;
      favourites[draws.favourite(3)]++;
      weighted[draws.weighted(List.of(0.5, 0.0, 0.5))]++;
      double g = draws.gumbel();
      gumbel += g / n;
      square += g * g / n;
    }
    assertThat(uniform).isCloseTo(0.5, within(0.005));
    // 1 : 1/2 : 1/3
    assertThat(favourites[0] / (double) n).isCloseTo(6 / 11.0, within(0.01));
    assertThat(favourites[2] / (double) n).isCloseTo(2 / 11.0, within(0.01));
    assertThat(weighted[0] / (double) n).isCloseTo(0.5, within(0.01));
    assertThat(weighted[1]).isZero();
    // a standard Gumbel variable's variance is pi^2 / 6
    assertThat(gumbel).isCloseTo(0, within(0.02));
    assertThat(square).isCloseTo(Math.PI * Math.PI / 6, within(0.05));
  }
}
