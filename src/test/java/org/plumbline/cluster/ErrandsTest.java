package org.plumbline.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.SparkConf;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.apache.spark.network.server.RpcHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.plumbline.cluster.GangMessages.Answer;
import org.plumbline.cluster.GangMessages.ErrandReport;

/** What goes on in executors ends for the driver too, however it ends. */
@Timeout(60)
class ErrandsTest {
  private static final SparkConf CONF =
      new SparkConf(false).set("spark.driver.host", "127.0.0.1").set("spark.app.id", "app");

  private final GangKey key = GangKey.draw(CONF);
  private final Errands errands = new Errands(CONF, key, Duration.ofSeconds(1));

  @AfterEach
  void close() {
    errands.close();
  }

  @Test
  void givesWhatThePartsGave() throws Exception {
    Errand errand = errands.draw();
    CountDownLatch wait = new CountDownLatch(1);
    errand.begin(
        1,
        0,
        () -> {
          wait.await();
          return "second".getBytes(UTF_8);
        });
    errand.begin(0, 0, () -> "first".getBytes(UTF_8));
    wait.countDown();
    assertThat(errands.await(errand))
        .containsExactly("first".getBytes(UTF_8), "second".getBytes(UTF_8));
    Errand.awaitOthers(new SoloGang(0));
  }

  @Test
  void tellsWhyAPartFailed() throws Exception {
    Errand errand = errands.draw();
    errand.begin(0, 0, () -> new byte[] {1});
    errand.begin(
        1,
        0,
        () -> {
          throw new IOException("No space left on device");
        });
    assertThatThrownBy(() -> errands.await(errand))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("No space left on device");
  }

  /** Else it would pass for a part that gave nothing and never ends. */
  @Test
  void tellsOfAFailureThatHasNoMessage() throws Exception {
    Errand errand = errands.draw();
    errand.begin(
        0,
        0,
        () -> {
          throw new EOFException();
        });
    assertThatThrownBy(() -> errands.await(errand))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("java.io.EOFException");
  }

  @Test
  void thePartIsThatOfTheLastTaskThatBeganIt() throws Exception {
    Errand errand = errands.draw();
    CountDownLatch wait = new CountDownLatch(1);
    errand.begin(
        0,
        0,
        () -> {
          wait.await();
          return new byte[] {1};
        });
    errand.begin(0, 1, () -> new byte[] {2});
    wait.countDown();
    Errand.awaitOthers(new SoloGang(0));
    assertThat(errands.await(errand)).containsExactly(new byte[] {2});
  }

  @Test
  void refusesAnAttemptThatIsOver() throws Exception {
    Errand errand = errands.draw();
    errand.begin(0, 1, () -> new byte[] {2});
    assertThatThrownBy(() -> errand.begin(1, 0, () -> new byte[] {1}))
        .hasMessage("Cannot take part 1 of what goes on beside: attempt 0 is over, 1 began");
    assertThat(errands.await(errand)).hasSize(1);
  }

  private ErrandReport begun(Errand errand, String token) {
    return new ErrandReport(key.gang(), token, errand.name(), 0, 0, false, null, null);
  }

  private static Answer tell(GangNetwork executor, ErrandReport report, Errand errand)
      throws IOException {
    TransportClient driver = executor.connect("127.0.0.1", errand.port());
    ByteBuffer reply = executor.ask(driver, ByteBuffer.wrap(GangMessages.encode(report)));
    return GangMessages.decode(reply, Answer.class);
  }

  @Test
  void anExecutorThatDiesIsLost() throws Exception {
    Errand errand = errands.draw();
    try (GangNetwork executor = new GangNetwork(key, Duration.ofSeconds(5), new NoOpRpcHandler())) {
      assertThat(tell(executor, begun(errand, key.token()), errand).refusal()).isNull();
    }
    assertThatThrownBy(() -> errands.await(errand))
        .isInstanceOf(Errands.LostException.class)
        .hasMessageStartingWith("The executor at /127.0.0.1:");
  }

  /** It keeps its connection and says nothing. */
  @Test
  void soIsOneThatHangs() throws Exception {
    RpcHandler silent =
        new NoOpRpcHandler() {
          @Override
          public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback to) {}
        };
    Errand errand = errands.draw();
    try (GangNetwork executor = new GangNetwork(key, Duration.ofSeconds(5), silent)) {
      assertThat(tell(executor, begun(errand, key.token()), errand).refusal()).isNull();
      assertThatThrownBy(() -> errands.await(errand)).isInstanceOf(Errands.LostException.class);
    }
  }

  @Test
  void strangersAreNotHeard() throws Exception {
    Errand errand = errands.draw();
    try (GangNetwork executor = new GangNetwork(key, Duration.ofSeconds(5), new NoOpRpcHandler())) {
      assertThat(tell(executor, begun(errand, "guess"), errand).refusal())
          .isEqualTo("wrong gang or token");
    }
    errand.begin(0, 0, () -> new byte[] {1});
    assertThat(errands.await(errand)).hasSize(1);
  }
}
