package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kind of gang does. A test of one extends it, and adds what is that kind's own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(30)
abstract class GangContract {
  private static final Duration LONG = Duration.ofSeconds(20);

  /** Below, at and above the number of ranks; odd; over one chunk of 262,144 floats a segment. */
  private static final int[] SIZES = {0, 1, 2, 3, 4, 5, 7, 1000, 1_000_003};

  /** What a rank does, once it has joined. */
  interface Part<T> {
    T run(Gang gang) throws Exception;
  }

  /** The ranks of one gang, in threads of this JVM. */
  interface Ranks extends AutoCloseable {
    /** Joins as {@code rank} and runs {@code part}. */
    <T> Future<T> start(int rank, int attempt, Part<T> part);

    /** Joins as {@code rank} of one who knows all of the gang but its token. */
    void joinAsStranger(int rank) throws IOException;

    /** Drops all that a rank has to do with others, as its process does when it dies. */
    void kill(Gang gang);

    @Override
    void close();
  }

  /** How many ranks there may be. */
  abstract IntStream worlds();

  abstract Ranks ranks(int world, Duration deadline);

  private IntStream several() {
    return worlds().filter(world -> world > 1);
  }

  private Stream<Arguments> eachRankOfSeveral() {
    return several()
        .filter(world -> world < 4)
        .boxed()
        .flatMap(world -> IntStream.range(0, world).mapToObj(rank -> Arguments.of(world, rank)));
  }

  /** Runs {@code part} as every rank of attempt 0. */
  private <T> List<T> all(int world, Part<T> part) throws Exception {
    try (Ranks ranks = ranks(world, LONG)) {
      return all(ranks, world, 0, part);
    }
  }

  private static <T> List<T> all(Ranks ranks, int world, int attempt, Part<T> part)
      throws Exception {
    List<Future<T>> futures = new ArrayList<>();
    for (int rank = 0; rank < world; rank++) {
      futures.add(ranks.start(rank, attempt, part));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(future.get());
    }
    return results;
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void everyRankKnowsItsPlace(int world) throws Exception {
    try (Ranks ranks = ranks(world, LONG)) {
      List<List<Integer>> places =
          all(ranks, world, 3, gang -> List.of(gang.rank(), gang.world(), gang.attempt()));
      for (int rank = 0; rank < world; rank++) {
        assertThat(places.get(rank)).containsExactly(rank, world, 3);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void sumsAnySize(int world) throws Exception {
    List<float[][]> sums =
        all(
            world,
            gang -> {
              float[][] summed = new float[SIZES.length][];
              for (int i = 0; i < SIZES.length; i++) {
                ByteBuffer buffer = LocalRing.direct(values(gang.rank(), SIZES[i]));
                gang.allReduce(buffer);
                assertThat(buffer.remaining()).isEqualTo(buffer.capacity());
                summed[i] = LocalRing.floats(buffer);
              }
              return summed;
            });
    for (int i = 0; i < SIZES.length; i++) {
      for (float[][] ofRank : sums) {
        assertThat(ofRank[i]).isEqualTo(sum(world, SIZES[i]));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void itsTwoHalvesMakeASumOfSegmentsOfAnySize(int world) throws Exception {
    all(
        world,
        gang -> {
          List<ByteBuffer> segments = new ArrayList<>();
          List<float[]> sums = new ArrayList<>();
          for (int i = 0; i < world; i++) {
            int size = i == 1 ? 300_001 : i; // none, more than a chunk, few
            segments.add(LocalRing.direct(values(gang.rank(), size)));
            sums.add(sum(world, size));
          }
          gang.reduceScatter(segments);
          assertThat(LocalRing.floats(segments.get(gang.rank()))).isEqualTo(sums.get(gang.rank()));
          gang.allGather(segments);
          for (int i = 0; i < world; i++) {
            assertThat(LocalRing.floats(segments.get(i))).isEqualTo(sums.get(i));
          }
          return null;
        });
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void allGetWhatOneHas(int world) throws Exception {
    all(
        world,
        gang -> {
          for (int root = 0; root < world; root++) {
            ByteBuffer buffer = LocalRing.direct(values(gang.rank(), 300_001));
            gang.broadcast(buffer, root);
            assertThat(LocalRing.floats(buffer)).isEqualTo(values(root, 300_001));
          }
          return null;
        });
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void allGetWhatEachSays(int world) throws Exception {
    all(
        world,
        gang -> {
          for (int length : new int[] {0, 1, Exchange.AT_ONCE, 2 * Exchange.AT_ONCE, 100_001}) {
            List<byte[]> said = gang.exchange(message(gang.rank(), length));
            assertThat(said).hasSize(world);
            for (int i = 0; i < world; i++) {
              assertThat(said.get(i)).isEqualTo(message(i, length));
            }
          }
          return null;
        });
  }

  /** Longer with every rank, so that some are just short enough and others are not. */
  private static byte[] message(int rank, int length) {
    byte[] message = new byte[length + rank];
    Arrays.fill(message, (byte) (length + rank));
    return message;
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void allRanksHaveTheSameBitsInEveryRun(int world) throws Exception {
    float[] first = null;
    for (int run = 0; run < 3; run++) {
      List<float[]> sums =
          all(
              world,
              gang -> {
                ByteBuffer buffer = LocalRing.direct(uneven(gang.rank()));
                gang.allReduce(buffer);
                return LocalRing.floats(buffer);
              });
      first = first == null ? sums.get(0) : first;
      for (float[] sum : sums) {
        assertThat(sum).isEqualTo(first);
      }
    }
  }

  /** Values whose sum depends on the order in which they are added. */
  private static float[] uneven(int rank) {
    Random random = new Random(rank);
    float[] values = new float[5000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(8)));
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void sumsBetweenPositionAndLimitOnly(int world) throws Exception {
    List<float[]> sums =
        all(
            world,
            gang -> {
              ByteBuffer buffer = LocalRing.direct(1, 2, 3, 4, 5);
              gang.allReduce(buffer.position(4).limit(16));
              assertThat(buffer.position()).isEqualTo(4);
              assertThat(buffer.limit()).isEqualTo(16);
              return LocalRing.floats(buffer.clear());
            });
    for (float[] sum : sums) {
      assertThat(sum).containsExactly(1, 2 * world, 3 * world, 4 * world, 5);
    }
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void refusesBuffersItCannotSum(int world) throws Exception {
    all(
        world,
        gang -> {
          ByteBuffer heap = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
          assertThatThrownBy(() -> gang.allReduce(heap))
              .hasMessage(
                  "Invalid buffer of a gang: on the heap, LITTLE_ENDIAN (must be direct and of"
                      + " native order LITTLE_ENDIAN)");
          assertThatThrownBy(() -> gang.allReduce(ByteBuffer.allocateDirect(4)))
              .hasMessageStartingWith("Invalid buffer of a gang: direct, BIG_ENDIAN");
          assertThatThrownBy(() -> gang.allReduce(LocalRing.direct(1).limit(3)))
              .hasMessage("Invalid buffer of a gang: 3 bytes (must be whole floats)");
          assertThatThrownBy(() -> gang.allGather(List.of(heap, heap, heap, heap, heap, heap)))
              .hasMessageStartingWith("Invalid segments: 6 (must be " + world);
          return null;
        });
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("several")
  void refusesAWrongToken(int world) throws Exception {
    try (Ranks ranks = ranks(world, LONG)) {
      assertThatThrownBy(() -> ranks.joinAsStranger(0))
          .isInstanceOf(IOException.class)
          .hasMessageMatching("Cannot join gang .* as rank 0 .*: wrong gang or token");
      assertThat(all(ranks, world, 0, Gang::rank)).hasSize(world); // nothing came of it
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("several")
  void refusesAStaleAttempt(int world) throws Exception {
    try (Ranks ranks = ranks(world, LONG)) {
      Future<Integer> stale = ranks.start(0, 0, Gang::attempt);
      TimeUnit.MILLISECONDS.sleep(300);
      List<Future<Integer>> fresh = new ArrayList<>(List.of(ranks.start(0, 1, Gang::attempt)));
      assertThatThrownBy(stale::get)
          .hasCauseInstanceOf(IOException.class)
          .hasMessageContaining("attempt 0 is over, 1 began");
      assertThatThrownBy(() -> ranks.start(1, 0, Gang::attempt).get())
          .hasMessageEndingWith(": attempt 0 is over, 1 began");
      for (int rank = 1; rank < world; rank++) {
        fresh.add(ranks.start(rank, 1, Gang::attempt));
      }
      for (Future<Integer> attempt : fresh) {
        assertThat(attempt.get()).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("eachRankOfSeveral")
  void everyRankNamesTheOneThatDied(int world, int dying) throws Exception {
    long start = System.nanoTime();
    try (Ranks ranks = ranks(world, LONG)) {
      assertAllName(dying, failures(ranks, world, dying, ranks::kill));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("eachRankOfSeveral")
  void everyRankNamesTheOneThatFroze(int world, int freezing) throws Exception {
    long start = System.nanoTime();
    try (Ranks ranks = ranks(world, Duration.ofSeconds(2))) {
      assertAllName(freezing, failures(ranks, world, freezing, gang -> {}));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(6));
  }

  /** Rank {@code ending} does {@code end} after a first sum; gives what became of the others. */
  private static List<Throwable> failures(Ranks ranks, int world, int ending, Consumer<Gang> end)
      throws Exception {
    CountDownLatch failed = new CountDownLatch(world - 1);
    List<Future<Void>> others = new ArrayList<>();
    Future<Void> ended = ranks.start(ending, 0, gang -> sumAndEnd(gang, end, failed));
    for (int rank = 0; rank < world; rank++) {
      if (rank != ending) {
        others.add(ranks.start(rank, 0, gang -> sumTwice(gang, failed)));
      }
    }
    List<Throwable> failures = new ArrayList<>();
    for (Future<Void> other : others) {
      failures.add(catchThrowable(other::get).getCause());
    }
    ended.get();
    return failures;
  }

  /** A rank that ends in some way after a first sum. */
  static <G extends Gang> Void sumAndEnd(G gang, Consumer<G> end, CountDownLatch failed)
      throws Exception {
    gang.allReduce(LocalRing.direct(1, 2, 3));
    TimeUnit.MILLISECONDS.sleep(200); // the others are waiting by now
    end.accept(gang);
    failed.await();
    return null;
  }

  /** Another one, which finds out at its second sum. */
  static Void sumTwice(Gang gang, CountDownLatch failed) throws IOException {
    try {
      gang.allReduce(LocalRing.direct(1, 2, 3));
      gang.allReduce(LocalRing.direct(1, 2, 3));
    } finally {
      failed.countDown();
    }
    return null;
  }

  /** With its host, which is said of no other. */
  private static void assertAllName(int culprit, List<Throwable> failures) {
    assertThat(failures)
        .isNotEmpty()
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("rank " + culprit + " (127.0.0.1:")
                    .message()
                    .containsOnlyOnce("(127.0.0.1:"));
  }

  static float[] values(int rank, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 1000f * (rank + 1) + i % 1000;
    }
    return values;
  }

  /** Of the {@link #values} of all ranks: whole numbers below 2^24, exact in any order. */
  private static float[] sum(int world, int size) {
    float[] sum = new float[size];
    for (int rank = 0; rank < world; rank++) {
      float[] values = values(rank, size);
      for (int i = 0; i < size; i++) {
        sum[i] += values[i];
      }
    }
    return sum;
  }
}
