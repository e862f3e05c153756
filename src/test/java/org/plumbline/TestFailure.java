package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestFailure {
  /** As Spark 3.5 says it; such an exception has no cause. */
  private static final String OF_A_BARRIER_STAGE =
      """
      Job aborted due to stage failure: ShuffleMapStage 13 (repartition at Gangs.java:72) has failed \
      the maximum allowable number of times: 4. Most recent failure reason: Stage failed because \
      barrier task ShuffleMapTask(13, 0) finished unsuccessfully.
      java.io.IOException: Cannot write model.safetensors of checkpoint run/step-1: no space
      \tat org.plumbline.checkpoint.NamedOutputStream.failure(NamedOutputStream.java:1)
      Caused by: java.io.IOException: Cannot look further
      """;

  @Test
  void ofABarrierStageSparkKeepsOnlyTheText() {
    assertThat(Failure.line(new IllegalStateException(OF_A_BARRIER_STAGE)))
        .isEqualTo("Cannot write model.safetensors of checkpoint run/step-1: no space");
  }

  @Test
  void aCauseSaysItBest() {
    Throwable cause = new IllegalArgumentException("Invalid seed: x\nmore");
    assertThat(Failure.line(new IllegalStateException(OF_A_BARRIER_STAGE, cause)))
        .isEqualTo("Invalid seed: x");
  }

  @Test
  void whatIsNotOursIsNamedByItsKind() {
    Throwable cause = new IllegalStateException("of Spark\n\tat x");
    assertThat(Failure.line(new RuntimeException("Job aborted", cause)))
        .isEqualTo("IllegalStateException: of Spark");
  }
}
