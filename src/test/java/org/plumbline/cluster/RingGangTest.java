package org.plumbline.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RingGangTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Below, at and above the number of ranks; odd; over one chunk of 262,144 floats a segment. */
  private static final int[] SIZES = {0, 1, 2, 3, 4, 5, 7, 1000, 1_000_003};

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void sumsAnySizeOverAnyNumberOfRanks(int world) throws Exception {
    try (LocalRing ring = new LocalRing(world)) {
      List<float[][]> sums =
          ring.all(
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
        float[] expected = new float[SIZES[i]];
        for (int rank = 0; rank < world; rank++) {
          float[] values = values(rank, SIZES[i]);
          for (int j = 0; j < expected.length; j++) {
            expected[j] += values[j]; // whole numbers below 2^24: exact in any order
          }
        }
        for (float[][] ofRank : sums) {
          assertThat(ofRank[i]).isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void itsTwoHalvesMakeASumOfSegmentsOfAnySize(int world) throws Exception {
    try (LocalRing ring = new LocalRing(world)) {
      ring.all(
          gang -> {
            List<ByteBuffer> segments = new ArrayList<>();
            List<float[]> sums = new ArrayList<>();
            for (int i = 0; i < world; i++) {
              int size = i == 1 ? 300_001 : i; // none, more than a chunk, few
              segments.add(LocalRing.direct(values(gang.rank(), size)));
              float[] sum = new float[size];
              for (int rank = 0; rank < world; rank++) {
                for (int j = 0; j < size; j++) {
                  sum[j] += 1000f * (rank + 1) + j % 1000;
                }
              }
              sums.add(sum);
            }
            gang.reduceScatter(segments);
            assertThat(LocalRing.floats(segments.get(gang.rank())))
                .isEqualTo(sums.get(gang.rank()));
            gang.allGather(segments);
            for (int i = 0; i < world; i++) {
              assertThat(LocalRing.floats(segments.get(i))).isEqualTo(sums.get(i));
            }
            return null;
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void allGetWhatOneHasAndWhatEachSays(int world) throws Exception {
    try (LocalRing ring = new LocalRing(world)) {
      ring.all(
          gang -> {
            for (int root = 0; root < world; root++) {
              ByteBuffer buffer = LocalRing.direct(values(gang.rank(), 300_001));
              gang.broadcast(buffer, root);
              assertThat(LocalRing.floats(buffer)).isEqualTo(values(root, 300_001));
            }
            List<byte[]> said = gang.exchange("x".repeat(gang.rank()).getBytes(UTF_8));
            assertThat(said).hasSize(world);
            for (int i = 0; i < world; i++) {
              assertThat(new String(said.get(i), UTF_8)).isEqualTo("x".repeat(i));
            }
            return null;
          });
    }
  }

  /** More chunks than may be under way at a time, which must not overtake each other. */
  @Test
  void sumsBuffersOfManyChunks() throws Exception {
    try (LocalRing ring = new LocalRing(2)) {
      List<float[]> sums =
          ring.all(
              gang -> {
                ByteBuffer buffer = LocalRing.direct(values(gang.rank(), 8_000_003));
                for (int i = 0; i < 5; i++) {
                  gang.allReduce(buffer);
                }
                return LocalRing.floats(buffer);
              });
      assertThat(sums.get(0)).startsWith(16 * 3000f, 16 * 3002f).isEqualTo(sums.get(1));
    }
  }

  @Test
  void theSumOverOneRankIsWhatItHas() throws Exception {
    try (Gang gang = new SoloGang(3)) {
      ByteBuffer buffer = LocalRing.direct(1, 2, 3);
      gang.allReduce(buffer);
      assertThat(LocalRing.floats(buffer)).containsExactly(1, 2, 3);
      assertThat(gang.rank()).isZero();
      assertThat(gang.world()).isEqualTo(1);
      assertThat(gang.attempt()).isEqualTo(3);
    }
    assertThatThrownBy(() -> new LocalRing(1))
        .hasMessage("Invalid ranks of a ring: 1 (must be at least 2)");
  }

  @Test
  void allRanksHaveTheSameBitsInEveryRun() throws Exception {
    float[] first = null;
    for (int run = 0; run < 3; run++) {
      try (LocalRing ring = new LocalRing(3)) {
        List<float[]> sums =
            ring.all(
                gang -> {
                  Random random = new Random(gang.rank());
                  float[] values = new float[5000];
                  for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(8)));
                  }
                  ByteBuffer buffer = LocalRing.direct(values);
                  gang.allReduce(buffer);
                  return LocalRing.floats(buffer);
                });
        first = first == null ? sums.get(0) : first;
        assertThat(sums).containsExactly(first, first, first);
      }
    }
  }

  @Test
  void sumsBetweenPositionAndLimitOnly() throws Exception {
    try (LocalRing ring = new LocalRing(2)) {
      List<float[]> sums =
          ring.all(
              gang -> {
                ByteBuffer buffer = LocalRing.direct(1, 2, 3, 4, 5);
                gang.allReduce(buffer.position(4).limit(16));
                assertThat(buffer.position()).isEqualTo(4);
                assertThat(buffer.limit()).isEqualTo(16);
                return LocalRing.floats(buffer.clear());
              });
      assertThat(sums.get(0)).containsExactly(1, 4, 6, 8, 5);
      assertThat(sums.get(1)).containsExactly(1, 4, 6, 8, 5);
    }
  }

  @Test
  void aRankThatFallsBehindIsWaitedFor() throws Exception {
    try (LocalRing ring = new LocalRing(3, Duration.ofSeconds(2), new SparkConf(false))) {
      List<Float> sums =
          ring.all(
              gang -> {
                ByteBuffer buffer = LocalRing.direct(values(gang.rank(), 1_000_003));
                for (int i = 0; i < 3; i++) {
                  // Each waits in turn for more than half of the deadline: five halves in all.
                  TimeUnit.MILLISECONDS.sleep(gang.rank() == i ? 1100 : 0);
                  gang.allReduce(buffer);
                }
                return LocalRing.floats(buffer)[0];
              });
      assertThat(sums).containsOnly(9 * (1000f + 2000f + 3000f));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void joinsOverSparksAuthentication(boolean encrypted) throws Exception {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.authenticate", "true")
            .set("spark.authenticate.secret", "of Spark, not ours")
            .set("spark.network.crypto.enabled", Boolean.toString(encrypted));
    assertThat(GangKey.draw(conf).spark()).doesNotContainKey("spark.authenticate.secret");
    try (LocalRing ring = new LocalRing(2, Duration.ofSeconds(10), conf)) {
      List<float[]> sums =
          ring.all(
              gang -> {
                ByteBuffer buffer = LocalRing.direct(values(gang.rank(), 300_001));
                gang.allReduce(buffer);
                return LocalRing.floats(buffer);
              });
      assertThat(sums.get(0)).startsWith(3000f, 3002f).isEqualTo(sums.get(1));

      GangKey key = rightGangWrongToken(ring);
      Ticket forged = new Ticket(key, 2, LocalRing.HOST, ring.rendezvous.ticket().port(), SECOND);
      assertThatThrownBy(() -> RingGang.join(forged, LocalRing.seat(0, 1), () -> false))
          .hasMessageStartingWith("Cannot connect to 127.0.0.1:");
    }
  }

  @Test
  void refusesBuffersItCannotSum() throws Exception {
    try (LocalRing ring = new LocalRing(2)) {
      ring.all(RingGangTest::refusesBuffers);
    }
    refusesBuffers(new SoloGang(0));
  }

  private static Void refusesBuffers(Gang gang) {
    assertThatThrownBy(() -> gang.allReduce(ByteBuffer.allocate(4).order(ByteOrder.nativeOrder())))
        .hasMessage(
            "Invalid buffer of a gang: on the heap, LITTLE_ENDIAN (must be direct and of"
                + " native order LITTLE_ENDIAN)");
    assertThatThrownBy(() -> gang.allReduce(ByteBuffer.allocateDirect(4)))
        .hasMessageStartingWith("Invalid buffer of a gang: direct, BIG_ENDIAN");
    assertThatThrownBy(() -> gang.allReduce(LocalRing.direct(1).limit(3)))
        .hasMessage("Invalid buffer of a gang: 3 bytes (must be whole floats)");
    return null;
  }

  static GangKey rightGangWrongToken(LocalRing ring) {
    GangKey key = ring.rendezvous.ticket().key();
    return new GangKey(key.gang(), "0".repeat(64), key.spark());
  }

  private static float[] values(int rank, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 1000f * (rank + 1) + i % 1000;
    }
    return values;
  }
}
