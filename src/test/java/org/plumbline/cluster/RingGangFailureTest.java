package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RingGangFailureTest {
  /** Rank 1 does {@code end} after a first sum; the others sum on. Gives what became of those. */
  private static List<Throwable> failures(int world, Consumer<RingGang> end) throws Exception {
    try (LocalRing ring = new LocalRing(world, Duration.ofSeconds(20), new SparkConf(false))) {
      CountDownLatch failed = new CountDownLatch(world - 1);
      List<Future<Void>> others = new ArrayList<>();
      Future<Void> ending = ring.start(1, 0, gang -> GangContract.sumAndEnd(gang, end, failed));
      for (int rank = 0; rank < world; rank++) {
        if (rank != 1) {
          others.add(ring.start(rank, 0, gang -> GangContract.sumTwice(gang, failed)));
        }
      }
      List<Throwable> failures = new ArrayList<>();
      for (Future<Void> other : others) {
        failures.add(catchThrowable(other::get).getCause());
      }
      ending.get();
      return failures;
    }
  }

  @Test
  void everyRankIsToldWhyOneFailed() throws Exception {
    List<Throwable> failures =
        failures(4, gang -> gang.abort(new IllegalStateException("loss is NaN")));
    assertThat(failures)
        .hasSize(3)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .hasMessageMatching(
                        ".*: rank 1 \\(.*\\) failed: java.lang.IllegalStateException: loss is NaN"));
  }

  @Test
  void aRankThatIsDoneCannotBeWaitedFor() throws Exception {
    List<Throwable> failures = failures(2, RingGang::close);
    assertThat(failures)
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure)
                    .hasMessageMatching(
                        ".*rank 1 \\(.*\\) left while rank 0 \\(.*\\) still waited for it"));
  }

  @Test
  void differentSizesFailOnEveryRank() throws Exception {
    List<Throwable> failures =
        failures(
            2,
            gang ->
                assertThatThrownBy(() -> gang.allReduce(LocalRing.direct(1, 2, 3, 4)))
                    .hasMessageContaining("all ranks must sum buffers of the same sizes"));
    assertThat(failures)
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure)
                    .hasMessageContaining(" of segment ")
                    .hasMessageContaining(" in operation 1, step 0"));
  }

  @Test
  void aCancelledTaskStopsWaiting() throws Exception {
    try (LocalRing ring = new LocalRing(2)) {
      CountDownLatch done = new CountDownLatch(1);
      Future<Throwable> other =
          ring.start(
              1,
              0,
              gang -> {
                done.await();
                return catchThrowable(() -> gang.allReduce(LocalRing.direct(1)));
              });
      AtomicBoolean cancelled = new AtomicBoolean();
      try (RingGang gang =
          RingGang.join(ring.rendezvous.ticket(), LocalRing.seat(0, 0), cancelled::get)) {
        cancelled.set(true);
        assertThatThrownBy(() -> gang.allReduce(LocalRing.direct(1)))
            .hasMessageMatching(
                "Cannot go on as rank 0 of 2, attempt 0: rank 0 \\(.*\\) was cancelled");
      }
      done.countDown();
      assertThat(other.get()).hasMessageMatching(".*: rank 0 \\(.*\\) was cancelled");
    }
  }
}
