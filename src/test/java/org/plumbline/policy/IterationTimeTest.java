package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IterationTimeTest {
  @Test
  void whatNoTaskWorkedAtIsOverhead() {
    IterationTime time = new IterationTime(12.5, 5, 2.5, 4);
    assertThat(time.figures())
        .containsEntry("iteration_seconds", 12.5)
        .containsEntry("generate_seconds", 5.0)
        .containsEntry("score_seconds", 2.5)
        .containsEntry("update_seconds", 4.0)
        .containsEntry("overhead_seconds", 1.0)
        .hasSize(5);
    assertThat(time).hasToString("12.5 s: generate 40 %, score 20 %, update 32 %, overhead 8 %");
    assertThat(new IterationTime(1, 0.6, 0.3, 0.2).overhead()).as("rounding").isZero();
  }
}
