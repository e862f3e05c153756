package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingGangTest extends GangContract {
  private static final GangOptions A_SECOND = new GangOptions(Duration.ofSeconds(1), Wire.FLOAT32);

  private record Ring(LocalRing ring) implements Ranks {
    @Override
    public <T> Future<T> start(int rank, int attempt, Part<T> part) {
      return ring.start(rank, attempt, part::run);
    }

    @Override
    public void joinAsStranger(int rank) throws IOException {
      Ticket right = ring.rendezvous.ticket();
      RingGang.join(
          new Ticket(
              rightGangWrongToken(ring),
              right.world(),
              right.host(),
              right.port(),
              right.options()),
          LocalRing.seat(rank, 0),
          () -> false);
    }

    @Override
    public void kill(Gang gang) {
      ((RingGang) gang).disconnect();
    }

    @Override
    public void close() {
      ring.close();
    }
  }

  @Override
  IntStream worlds() {
    return IntStream.rangeClosed(2, 5);
  }

  @Override
  Ranks ranks(int world, Duration deadline) {
    return new Ring(new LocalRing(world, deadline, new SparkConf(false)));
  }

  @Test
  void shortMessagesGoRoundOnce() throws Exception {
    try (LocalRing ring = new LocalRing(3)) {
      List<Long> sent =
          ring.all(
              gang -> {
                gang.exchange(new byte[Exchange.AT_ONCE]);
                return gang.bytesSent();
              });
      assertThat(sent).containsOnly(2L * (Integer.BYTES + Exchange.AT_ONCE));
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
  void oneRankIsNoRing() {
    assertThatThrownBy(() -> new LocalRing(1))
        .hasMessage("Invalid ranks of a ring: 1 (must be at least 2)");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void sumsMayTravelRoundedButNothingElse(int world) throws Exception {
    int size = 12 * 25_000; // as many to each rank
    GangOptions half = new GangOptions(Duration.ofSeconds(10), Wire.BFLOAT16);
    try (LocalRing ring = new LocalRing(world, half, new SparkConf(false))) {
      List<float[]> sums =
          ring.all(
              gang -> {
                ByteBuffer buffer = LocalRing.direct(positive(gang.rank(), size));
                gang.allReduce(buffer);
                assertThat(gang.bytesSent()).isEqualTo(2L * (world - 1) * size / world * 2);
                float[] sum = LocalRing.floats(buffer);
                ByteBuffer exact = LocalRing.direct(positive(gang.rank(), 999));
                gang.broadcast(exact, 1);
                assertThat(LocalRing.floats(exact)).isEqualTo(positive(1, 999));
                assertThat(gang.exchange(new byte[] {1, (byte) gang.rank(), 3}).get(1))
                    .containsExactly(1, 1, 3);
                return sum;
              });
      assertThat(sums).allSatisfy(sum -> assertThat(sum).isEqualTo(sums.get(0)));
      for (int i = 0; i < 1000; i++) { // the rest repeats them
        double exact = 0;
        for (int rank = 0; rank < world; rank++) {
          exact += positive(rank, 1000)[i];
        }
        // Each of world roundings is off by up to 2^-8 of a partial sum, which is below the whole.
        assertThat(Math.abs(sums.get(0)[i] - exact)).isLessThanOrEqualTo(exact * world / 256);
        assertThat(Float.floatToRawIntBits(sums.get(0)[i]) & 0xffff).isZero();
      }
    }
  }

  private static float[] positive(int rank, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 0.1f * (rank + 1) + i % 1000 / 777f;
    }
    return values;
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

  @Test
  void aBusyRankIsWaitedForBeyondTheDeadline() throws Exception {
    try (LocalRing ring = new LocalRing(3, Duration.ofSeconds(1), new SparkConf(false))) {
      List<Integer> met =
          ring.all(
              gang -> {
                if (gang.rank() == 1) {
                  try (Gang.Busy loading = gang.busy()) {
                    TimeUnit.MILLISECONDS.sleep(2500);
                  }
                }
                return gang.exchange(new byte[0]).size();
              });
      assertThat(met).containsExactly(3, 3, 3);
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
      Ticket forged = new Ticket(key, 2, LocalRing.HOST, ring.rendezvous.ticket().port(), A_SECOND);
      assertThatThrownBy(() -> RingGang.join(forged, LocalRing.seat(0, 1), () -> false))
          .hasMessageStartingWith("Cannot connect to 127.0.0.1:");
    }
  }

  static GangKey rightGangWrongToken(LocalRing ring) {
    GangKey key = ring.rendezvous.ticket().key();
    return new GangKey(key.application(), key.gang(), "0".repeat(64), key.spark());
  }
}
