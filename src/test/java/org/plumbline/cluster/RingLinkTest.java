package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.plumbline.cluster.GangMessages.Answer;
import org.plumbline.cluster.GangMessages.Hello;
import org.plumbline.cluster.GangMessages.Member;

/** Rank 1 is real; rank 0 is played here, to say what a real one never would. */
@Timeout(20)
class RingLinkTest {
  private final LocalRing ring = new LocalRing(2);
  private final GangKey key = ring.rendezvous.ticket().key();
  private final GangNetwork network =
      new GangNetwork(key, ring.rendezvous.ticket().deadline(), new WelcomesAll());
  private Future<float[]> rankOne;
  private TransportClient client;

  private static final class WelcomesAll extends NoOpRpcHandler {
    @Override
    public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
      callback.onSuccess(ByteBuffer.wrap(GangMessages.encode(Answer.yes(List.of()))));
    }

    @Override
    public void receive(TransportClient client, ByteBuffer message) {}
  }

  @BeforeEach
  void join() throws IOException {
    rankOne =
        ring.start(
            1,
            0,
            gang -> {
              ByteBuffer floats = LocalRing.direct(1, 2);
              gang.allReduce(floats);
              return LocalRing.floats(floats);
            });
    Member self = new Member(0, LocalRing.HOST, network.listen(LocalRing.HOST));
    Member one = Rendezvous.register(network, ring.rendezvous.ticket(), 0, self).get(1);
    client = network.connect(one.host(), one.port());
  }

  @AfterEach
  void leave() {
    network.close();
    ring.close();
  }

  @Test
  void listensOnlyToThePreviousRankOfItsAttempt() throws IOException {
    assertThat(refusal(new Hello(key.gang(), "f".repeat(64), 0, 0, 1)))
        .isEqualTo("wrong gang or token");
    assertThat(refusal(new Hello("gang-0", key.token(), 0, 0, 1))).isEqualTo("wrong gang or token");
    assertThat(refusal(new Hello(key.gang(), key.token(), 1, 0, 1)))
        .isEqualTo("attempt 1 (must be 0)");
    assertThat(refusal(new Hello(key.gang(), key.token(), 0, 1, 1)))
        .isEqualTo("rank 1 takes nothing from rank 1");
    assertThat(refusal(new Hello(key.gang(), key.token(), 0, 0, 1))).isNull();
    assertThat(refusal(new Hello(key.gang(), key.token(), 0, 0, 1)))
        .isEqualTo("rank 0 is connected already");
  }

  @Test
  void takesNoFloatsFromAStranger() {
    ByteBuffer leave = Neighbour.message((byte) 3, "and you should, too");
    for (ByteBuffer message : List.of(floats(7), leave)) {
      assertThatThrownBy(() -> network.ask(client, message))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Cannot take a message of one who has not said hello");
    }
    assertThat(rankOne).isNotDone();
  }

  @Test
  void sumsWhatThePreviousRankSends() throws Exception {
    assertThat(refusal(new Hello(key.gang(), key.token(), 0, 0, 1))).isNull();
    network.ask(client, floats(7)); // segment 0 is the first float: 1 + 7
    ByteBuffer second = LocalRing.direct(20); // segment 1, summed by rank 0
    network.ask(client, new Chunk(0, 1, 1, 0, 4, second).encode((byte) 1));
    assertThat(rankOne.get()).containsExactly(8, 20);
  }

  private static ByteBuffer floats(float value) {
    return new Chunk(0, 0, 0, 0, 4, LocalRing.direct(value)).encode((byte) 1);
  }

  private String refusal(Hello hello) throws IOException {
    byte[] json = GangMessages.encode(hello);
    ByteBuffer message = ByteBuffer.allocate(1 + json.length).put((byte) 0).put(json).flip();
    return GangMessages.decode(network.ask(client, message), Answer.class).refusal();
  }
}
