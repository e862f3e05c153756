package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RingGangFailureTest {
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

  /** Rank 1 does {@code end} after a first sum; the others sum on. Gives what became of those. */
  private static List<Throwable> failures(int world, Duration deadline, LocalRing.Part<Void> end)
      throws Exception {
    try (LocalRing ring = new LocalRing(world, deadline, new SparkConf(false))) {
      CountDownLatch failed = new CountDownLatch(world - 1);
      List<Future<Void>> others = new ArrayList<>();
      Future<Void> ending = ring.start(1, 0, gang -> sumAndEnd(gang, end, failed));
      for (int rank = 0; rank < world; rank++) {
        if (rank != 1) {
          others.add(ring.start(rank, 0, gang -> sumTwice(gang, failed)));
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

  private static Void sumAndEnd(RingGang gang, LocalRing.Part<Void> end, CountDownLatch failed)
      throws Exception {
    gang.allReduce(LocalRing.direct(1, 2, 3));
    end.run(gang);
    failed.await();
    return null;
  }

  private static Void sumTwice(RingGang gang, CountDownLatch failed) throws IOException {
    try {
      gang.allReduce(LocalRing.direct(1, 2, 3));
      gang.allReduce(LocalRing.direct(1, 2, 3));
    } finally {
      failed.countDown();
    }
    return null;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void everyRankNamesTheOneThatDied(int world) throws Exception {
    long start = System.nanoTime();
    List<Throwable> failures =
        failures(
            world,
            Duration.ofSeconds(20),
            gang -> {
              TimeUnit.MILLISECONDS.sleep(200); // the others are waiting by now
              gang.disconnect();
              return null;
            });
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(failures)
        .hasSize(world - 1)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching(
                        "Cannot go on as rank \\d of "
                            + world
                            + ", attempt 0: rank 1 \\(127.0.0.1:\\d+\\) (went away|took no more.*)"));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void everyRankNamesTheOneThatFroze(int world) throws Exception {
    long start = System.nanoTime();
    List<Throwable> failures = failures(world, TWO_SECONDS, gang -> null);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(5));
    assertThat(failures)
        .hasSize(world - 1)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching(
                        ".*: nothing came from rank 1 \\(127.0.0.1:\\d+\\) for 2 s"));
  }

  @Test
  void everyRankIsToldWhyOneFailed() throws Exception {
    List<Throwable> failures =
        failures(
            4,
            Duration.ofSeconds(20),
            gang -> {
              gang.abort(new IllegalStateException("loss is NaN"));
              return null;
            });
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
    List<Throwable> failures =
        failures(
            2,
            Duration.ofSeconds(20),
            gang -> {
              gang.close();
              return null;
            });
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
            Duration.ofSeconds(20),
            gang -> {
              assertThatThrownBy(() -> gang.allReduce(LocalRing.direct(1, 2, 3, 4)))
                  .hasMessageContaining("all ranks must sum buffers of the same sizes");
              return null;
            });
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
