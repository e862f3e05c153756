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
  void refusesAnotherApplicationOrNumberOfRanks() throws Exception {
    try (LocalRing ring = new LocalRing(2)) {
      Ticket right = ring.rendezvous.ticket();
      GangKey key = right.key();
      GangKey other = new GangKey("app-7", key.gang(), key.token(), key.spark());
      Ticket ofOther = new Ticket(other, 2, right.host(), right.port(), right.options());
      assertThatThrownBy(() -> RingGang.join(ofOther, LocalRing.seat(0, 0), () -> false))
          .hasMessageMatching("Cannot join gang .*: application app-7 \\(must be none\\)");
      Ticket ofThree = new Ticket(key, 3, right.host(), right.port(), right.options());
      assertThatThrownBy(() -> RingGang.join(ofThree, LocalRing.seat(0, 0), () -> false))
          .hasMessageMatching("Cannot join gang .*: 3 ranks \\(must be 2\\)");
      assertThat(ring.all(RingGang::rank)).containsExactly(0, 1); // nothing came of it
    }
  }

  @Test
  void refusesASecondOfTheSameRank() throws Exception {
    try (LocalRing ring = new LocalRing(2)) {
      Future<Integer> first = ring.start(0, 0, RingGang::rank);
      TimeUnit.MILLISECONDS.sleep(300);
      assertThatThrownBy(() -> ring.join(0, 0))
          .hasMessageMatching(".*: rank 0 \\(127.0.0.1:\\d+\\) came before it in attempt 0");
      assertThatThrownBy(() -> ring.join(2, 0)).hasMessageEndingWith(": rank 2 (must be below 2)");
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
      GangNetwork dying =
          new GangNetwork(ticket.key(), ticket.options().deadline(), new NoOpRpcHandler());
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
