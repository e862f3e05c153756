package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.plumbline.cluster.GangMessages.Member;

@Timeout(20)
class RendezvousTest {
  @Test
  void bringsRanksTogetherInAMoment() throws Exception {
    double fastest = Double.MAX_VALUE; // of five: the first loads classes, others may be slowed
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      try (LocalRing ring = new LocalRing(4)) {
        assertThat(ring.all(RingGang::rank)).containsExactly(0, 1, 2, 3);
      }
      fastest = Math.min(fastest, (System.nanoTime() - start) / 1e9);
    }
    System.out.printf("a ring of 4 comes together and parts in %.3f s%n", fastest);
    assertThat(fastest).as("seconds; Spark's own barrier() takes 1").isLessThan(0.2);
  }

  @Test
  void refusesAWrongToken() throws Exception {
    try (LocalRing ring = new LocalRing(2)) {
      Ticket right = ring.rendezvous.ticket();
      Ticket wrong =
          new Ticket(
              RingGangTest.rightGangWrongToken(ring),
              2,
              right.host(),
              right.port(),
              right.deadline());
      assertThatThrownBy(() -> RingGang.join(wrong, LocalRing.seat(0, 0), () -> false))
          .isInstanceOf(IOException.class)
          .hasMessageMatching(
              "Cannot join gang gang-[0-9a-f]{16} as rank 0 \\(127.0.0.1:\\d+\\): wrong gang or"
                  + " token");
      assertThat(ring.all(RingGang::rank)).containsExactly(0, 1); // nothing came of it
    }
  }

  @Test
  void refusesAStaleAttempt() throws Exception {
    try (LocalRing ring = new LocalRing(2)) {
      Future<Integer> stale = ring.start(0, 0, RingGang::attempt);
      TimeUnit.MILLISECONDS.sleep(300);
      Future<Integer> zero = ring.start(0, 1, RingGang::attempt);
      assertThatThrownBy(stale::get)
          .hasCauseInstanceOf(IOException.class)
          .hasMessageContaining("attempt 0 is over, 1 began");
      assertThatThrownBy(() -> ring.join(1, 0))
          .hasMessageEndingWith(": attempt 0 is over, 1 began");
      assertThat(ring.start(1, 1, RingGang::attempt).get()).isEqualTo(1);
      assertThat(zero.get()).isEqualTo(1);
    }
  }

  @Test
  void refusesASecondOfTheSameRank() throws Exception {
    try (LocalRing ring = new LocalRing(2)) {
      Future<Integer> first = ring.start(0, 0, RingGang::rank);
      TimeUnit.MILLISECONDS.sleep(300);
      assertThatThrownBy(() -> ring.join(0, 0))
          .hasMessageMatching(".*: rank 0 \\(127.0.0.1:\\d+\\) came before it in attempt 0");
      assertThatThrownBy(() -> ring.join(2, 0))
          .hasMessageEndingWith("it is rank 2 of 2 (must be of 2)");
      assertThat(ring.start(1, 0, RingGang::rank).get()).isEqualTo(1);
      assertThat(first.get()).isZero();
    }
  }

  @Test
  void saysWhoDidNotCome() {
    try (LocalRing ring = new LocalRing(3, Duration.ofSeconds(1), new SparkConf(false))) {
      assertThatThrownBy(() -> ring.join(1, 0))
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith(": ranks [0, 2] of 3 did not come within 1 s");
    }
  }

  @Test
  void doesNotWaitForOneThatDied() throws Exception {
    try (LocalRing ring = new LocalRing(3)) {
      Ticket ticket = ring.rendezvous.ticket();
      Future<Integer> waiting = ring.start(0, 0, RingGang::rank);
      GangNetwork dying = new GangNetwork(ticket.key(), ticket.deadline(), new NoOpRpcHandler());
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<?> died =
          thread.submit(() -> Rendezvous.register(dying, ticket, 0, new Member(1, "10.0.0.7", 7)));
      TimeUnit.MILLISECONDS.sleep(300);
      dying.close();
      assertThatThrownBy(waiting::get)
          .hasMessageContaining("rank 1 (10.0.0.7:7) went away before all had come");
      assertThatThrownBy(died::get).isInstanceOf(ExecutionException.class);
      thread.shutdownNow();
    }
  }
}
