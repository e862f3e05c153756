package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordingTest {
  @Test
  void distinctCountsOverAllCompletions() {
    // 12 23 31 12 | 12 24 | none: 4 kinds of 6
    assertThat(
            Wording.distinct(List.of(new int[] {1, 2, 3, 1, 2}, new int[] {1, 2, 4}, new int[1])))
        .isEqualTo(4.0 / 6);
    assertThat(Wording.distinct(List.of(new int[0], new int[] {7}))).isEqualTo(1);
  }

  @Test
  void repetitionIsWithinACompletion() {
    int[] same = {5, 5, 5, 5, 5, 5};
    int[] again = {1, 2, 3, 4, 1, 2, 3, 4};
    int[] once = {1, 2, 3, 4, 5};
    assertThat(Wording.repetition(List.of(same))).isEqualTo(1 - 1.0 / 3);
    assertThat(Wording.repetition(List.of(again))).isEqualTo(1 - 4.0 / 5);
    assertThat(Wording.repetition(List.of(once, once, new int[] {1, 1, 1}))).isZero();
    assertThat(Wording.repetition(List.of(same, once))).isEqualTo((1 - 1.0 / 3) / 2);
  }
}
