package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.time.Duration;
import org.apache.spark.SparkConf;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GangNetworkTest {
  private static final String HOST = "127.0.0.1";

  private final SparkConf conf = new SparkConf(false);
  private int port;

  @BeforeEach
  void findPort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    conf.set(GangNetwork.PORT, String.valueOf(port));
  }

  private GangNetwork network() {
    return new GangNetwork(GangKey.draw(conf), Duration.ofSeconds(5), new NoOpRpcHandler());
  }

  /** As many as share a host. */
  @Test
  void listensAtThePortThatIsSetOrAfterIt() {
    conf.set("spark.port.maxRetries", "50");
    try (GangNetwork one = network();
        GangNetwork other = network()) {
      int first = one.listen(HOST);
      assertThat(first).isBetween(port, port + 50);
      assertThat(other.listen(HOST)).isBetween(first + 1, port + 50);
    }
  }

  @Test
  void saysWhichPortsAreTaken() throws IOException {
    conf.set("spark.port.maxRetries", "0");
    try (ServerSocket taken = new ServerSocket(port);
        GangNetwork network = network()) {
      assertThat(taken.getLocalPort()).isEqualTo(port);
      assertThatThrownBy(() -> network.listen(HOST))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("Service 'gang' failed after 0 retries (starting from " + port);
    }
  }
}
