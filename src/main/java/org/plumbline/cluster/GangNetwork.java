package org.plumbline.cluster;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.sasl.SecretKeyHolder;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.util.MapConfigProvider;
import org.apache.spark.network.util.TransportConf;
import org.apache.spark.util.Utils;
import scala.Tuple2;

/**
 * Connections of a gang on Spark's network library, with Spark's authentication and encryption
 * where Spark has them on. All that has to change with another Spark is here.
 */
final class GangNetwork implements AutoCloseable {
  /** The setting of Spark's kind that says where to listen, for clusters with firewalls. */
  static final String PORT = "spark.plumbline.port";

  private final TransportConf conf;
  private final TransportContext context;
  private final GangKey key;
  private final Duration deadline;
  private TransportServer server;
  private TransportClientFactory clients;

  GangNetwork(GangKey key, Duration deadline, RpcHandler handler) {
    this.key = key;
    this.deadline = deadline;
    Map<String, String> settings = new HashMap<>(key.spark());
    // Netty's native transport, which Linux has, moves large chunks faster than Java's own.
    settings.put("spark.gang.io.mode", Epoll.isAvailable() ? "EPOLL" : "NIO");
    settings.put("spark.gang.io.serverThreads", "1");
    settings.put("spark.gang.io.clientThreads", "1");
    settings.put("spark.gang.io.connectionCreationTimeout", deadline.toMillis() + "ms");
    // Whether a quiet connection is a dead one is judged by our deadline, not by Spark's.
    settings.put(
        "spark.gang.io.connectionTimeout", deadline.multipliedBy(2).toSeconds() + 60 + "s");
    this.conf = new TransportConf("gang", new MapConfigProvider(settings));
    this.context = new TransportContext(conf, handler);
  }

  /**
   * Listens at {@code bind}; gives the port that was free: as for Spark's own services, the one of
   * {@link #PORT} or, if it is taken, one of the {@code spark.port.maxRetries} after it.
   */
  int listen(String bind) {
    SparkConf spark = new SparkConf(false);
    key.spark().forEach(spark::set);
    return (int)
        Utils.startServiceOnPort(
                spark.getInt(PORT, 0), port -> listen(bind, (int) port), spark, "gang")
            ._2();
  }

  private Tuple2<TransportServer, Object> listen(String bind, int port) {
    server =
        context.createServer(
            bind,
            port,
            key.authenticates() ? List.of(new AuthServerBootstrap(conf, secret())) : List.of());
    return new Tuple2<>(server, server.getPort());
  }

  TransportClient connect(String host, int port) throws IOException {
    if (clients == null) {
      clients =
          context.createClientFactory(
              key.authenticates()
                  ? List.of(new AuthClientBootstrap(conf, key.gang(), secret()))
                  : List.of());
    }
    try {
      return clients.createUnmanagedClient(host, port);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Cannot connect to " + host + ":" + port + ": interrupted", e);
    } catch (RuntimeException e) { // the library's way to say that authentication failed
      throw new IOException("Cannot connect to " + host + ":" + port + ": " + e.getMessage(), e);
    }
  }

  /** Sends {@code message} and waits for the answer, a little longer than the deadline. */
  ByteBuffer ask(TransportClient client, ByteBuffer message) throws IOException {
    try {
      return client.sendRpcSync(message, deadline.toMillis() + 1000);
    } catch (RuntimeException e) {
      throw new IOException(
          "Cannot get an answer from " + client.getSocketAddress() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (clients != null) {
      clients.close();
    }
    if (server != null) {
      server.close();
    }
    context.close();
  }

  private SecretKeyHolder secret() {
    return new SecretKeyHolder() {
      @Override
      public String getSaslUser(String gang) {
        return gang;
      }

      @Override
      public String getSecretKey(String gang) {
        return key.token();
      }
    };
  }
}
