package org.plumbline.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RatingCorrelationTest {
  @Test
  void ofNumbersAndOfRanks() {
    // the same ranks, but on no line: covariance 4.75, variances 1.25 and 22.5
    RatingCorrelation found =
        RatingCorrelation.of(new double[] {1, 2, 3, 4}, new double[] {1, 2, 4, 13});
    assertThat(found.responses()).isEqualTo(4);
    assertThat(found.pearson()).isCloseTo(4.75 / Math.sqrt(1.25 * 22.5), within(1e-12));
    assertThat(found.spearman()).isCloseTo(1, within(1e-12));
  }

  @Test
  void cannotBeSaidOfOneResponseNorOfOneScore() {
    assertThat(RatingCorrelation.of(new double[] {1}, new double[] {2}))
        .isEqualTo(new RatingCorrelation(1, null, null));
    assertThat(RatingCorrelation.of(new double[] {1, 2}, new double[] {3, 3}))
        .isEqualTo(new RatingCorrelation(2, null, null));
    assertThat(RatingCorrelation.of(new double[] {1, 2}, new double[] {3, Double.NaN}))
        .isEqualTo(new RatingCorrelation(2, null, null));
  }
}
