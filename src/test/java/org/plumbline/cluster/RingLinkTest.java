package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.plumbline.cluster.GangMessages.Answer;
import org.plumbline.cluster.GangMessages.Hello;
import org.plumbline.cluster.GangMessages.Member;
import org.plumbline.cluster.GangMessages.Pass;

/** Rank 1 is real; rank 0 is played here, to say what a real one never would. */
@Timeout(20)
class RingLinkTest {
  private final LocalRing ring = new LocalRing(2);
  private final GangKey key = ring.rendezvous.ticket().key();
  private final Pass right = ring.rendezvous.ticket().pass(0);
  private final GangNetwork network =
      new GangNetwork(key, ring.rendezvous.ticket().options().deadline(), new WelcomesAll());
  private Future<float[]> rankOne;
  private TransportClient client;

  private static final class WelcomesAll extends NoOpRpcHandler {
    @Override
    public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
      callback.onSuccess(ByteBuffer.wrap(GangMessages.encode(Answer.yes(List.of()))));
    }

    @Override
    public void receive(TransportClient client, ByteBuffer message) {}

    @Override
    public StreamCallbackWithID receiveStream(
        TransportClient client, ByteBuffer header, RpcResponseCallback callback) {
      return new StreamCallbackWithID() {
        @Override
        public String getID() {
          return "chunk";
        }

        @Override
        public void onData(String id, ByteBuffer piece) {}

        @Override
        public void onComplete(String id) {
          client.send(Neighbour.message((byte) 3, "")); // used
        }

        @Override
        public void onFailure(String id, Throwable cause) {}
      };
    }
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
    String app = key.application();
    String gang = key.gang();
    String token = key.token();
    assertThat(refusal(new Pass(app, gang, "f".repeat(64), 2, 0))).isEqualTo("wrong gang or token");
    assertThat(refusal(new Pass(app, "gang-0", token, 2, 0))).isEqualTo("wrong gang or token");
    assertThat(refusal(new Pass("app-7", gang, token, 2, 0)))
        .isEqualTo("application app-7 (must be " + app + ")");
    assertThat(refusal(new Pass(app, gang, token, 3, 0))).isEqualTo("3 ranks (must be 2)");
    assertThat(refusal(new Pass(app, gang, token, 2, 1))).isEqualTo("attempt 1 (must be 0)");
    assertThat(refusal(new Hello(right, 1, 1))).isEqualTo("rank 1 takes nothing from rank 1");
    assertThat(refusal(new Hello(right, 0, 0))).isEqualTo("rank 1 takes nothing from rank 0");
    assertThat(refusal(right)).isNull();
    assertThat(refusal(right)).isEqualTo("rank 0 is connected already");
  }

  @Test
  void takesNoFloatsFromAStranger() {
    ByteBuffer leave = Neighbour.message((byte) 1, "and you should, too");
    assertThatThrownBy(() -> network.ask(client, leave))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Cannot take a message of one who has not said hello");
    assertThatThrownBy(() -> send(0, 0, 7))
        .hasMessageContaining("Cannot take a chunk of one who has not said hello");
    assertThat(rankOne).isNotDone();
  }

  @Test
  void sumsWhatThePreviousRankSends() throws Exception {
    assertThat(refusal(right)).isNull();
    send(0, 0, 7); // segment 0 is the first float: 1 + 7
    send(1, 1, 20); // segment 1, summed by rank 0
    assertThat(rankOne.get()).containsExactly(8, 20);
  }

  /** Sends one float as rank 0 does, and waits until it has come. */
  private void send(int step, int segment, float value) throws Exception {
    CompletableFuture<Void> came = new CompletableFuture<>();
    client.uploadStream(
        new NioManagedBuffer(new Place(0, step, segment, 0, 4, 4).encode()),
        new NioManagedBuffer(LocalRing.direct(value)),
        new RpcResponseCallback() {
          @Override
          public void onSuccess(ByteBuffer response) {
            came.complete(null);
          }

          @Override
          public void onFailure(Throwable error) {
            came.completeExceptionally(error);
          }
        });
    came.get();
  }

  private String refusal(Pass shown) throws IOException {
    return refusal(new Hello(shown, 0, 1));
  }

  private String refusal(Hello hello) throws IOException {
    byte[] json = GangMessages.encode(hello);
    ByteBuffer message = ByteBuffer.allocate(1 + json.length).put((byte) 0).put(json).flip();
    return GangMessages.decode(network.ask(client, message), Answer.class).refusal();
  }
}
