package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UniformsTest {
  private static float[] draw(int count, long... key) {
    float[] row = new float[count];
    Uniforms.fill(row, key);
    return row;
  }

  @Test
  void theSameKeyGivesTheSameNumbers() {
    assertThat(draw(100, 1, 2, 3)).isEqualTo(draw(100, 1, 2, 3));
  }

  @Test
  void aLongerRowBeginsLikeAShorterOne() {
    assertThat(Arrays.copyOf(draw(100, 7, 8), 10)).isEqualTo(draw(10, 7, 8));
  }

  @Test
  void everyPartOfTheKeyCounts() {
    Set<Float> firsts = new HashSet<>();
    for (long[] key :
        new long[][] {
          {0, 0, 0, 0},
          {1, 0, 0, 0},
          {0, 1, 0, 0},
          {0, 0, 1, 0},
          {0, 0, 0, 1},
          {1, 1, 0, 0},
          {0, 0, 0},
          {-1, 0, 0, 0},
          {0, 0, 0, Long.MIN_VALUE},
          {1L << 32, 0, 0, 0}
        }) {
      firsts.add(draw(1, key)[0]);
    }
    assertThat(firsts).hasSize(10);
  }

  @Test
  void allLieInTheUnitInterval() {
    for (float value : draw(1_000_000, 3)) {
      assertThat(value >= 0 && value < 1).isTrue();
    }
  }

  @Test
  void positionsOfARowAreUniform() {
    assertUniform(draw(100_000, 1));
  }

  @Test
  void neighbouringKeysAreUniformTogether() {
    float[] firsts = new float[100_000];
    for (int key = 0; key < firsts.length; key++) {
      firsts[key] = draw(1, 0, 0, key)[0];
    }
    assertUniform(firsts);
  }

  @Test
  void neighboursDoNotCorrelate() {
    float[] row = draw(100_001, 11);
    float[] next = draw(100_001, 12);
    double along = 0;
    double across = 0;
    for (int i = 0; i < 100_000; i++) {
      along += (row[i] - 0.5) * (row[i + 1] - 0.5);
      across += (row[i] - 0.5) * (next[i] - 0.5);
    }
    // Each product has mean 0 and deviation 1/12: five deviations of the mean of 100,000.
    assertThat(along / 100_000).isCloseTo(0, within(0.0013));
    assertThat(across / 100_000).isCloseTo(0, within(0.0013));
  }

  /** Pearson's chi-square over 100 bins: 99 degrees of freedom, 160 is the 0.9999 quantile. */
  private static void assertUniform(float[] values) {
    int[] bins = new int[100];
    for (float value : values) {
      bins[(int) (value * 100)]++;
    }
    double expected = values.length / 100.0;
    double chiSquare =
        Arrays.stream(bins).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    assertThat(chiSquare).isBetween(50.0, 160.0);
  }
}
