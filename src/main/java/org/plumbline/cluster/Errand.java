package org.plumbline.cluster;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.plumbline.cluster.GangMessages.Answer;
import org.plumbline.cluster.GangMessages.ErrandReport;

/** One of the driver's {@link Errands}, as tasks know it. */
public final class Errand implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long LOOK_MILLIS = 1000;
  private static final List<Thread> RUNNING = new ArrayList<>();

  private final GangKey key;
  private final Duration deadline;
  private final String host;
  private final int port;
  private final String name;

  Errand(GangKey key, Duration deadline, String host, int port, String name) {
    this.key = key;
    this.deadline = deadline;
    this.host = host;
    this.port = port;
    this.name = name;
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  /**
   * Waits until nothing is under way in the processes of {@code gang} that tasks before have begun.
   * All ranks must call it; while one waits, it gives the others a sign of life.
   */
  public static void awaitOthers(Gang gang) throws IOException {
    boolean idle = false;
    while (!idle) {
      byte[] mine = {(byte) (isIdle() ? 1 : 0)};
      idle = gang.exchange(mine).stream().allMatch(rank -> rank[0] == 1);
    }
  }

  /** Whether nothing is under way in this process, looked at for a while. */
  private static boolean isIdle() throws IOException {
    synchronized (RUNNING) {
      if (!RUNNING.isEmpty()) {
        try {
          RUNNING.wait(LOOK_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("Cannot wait for what tasks have begun: interrupted", e);
        }
      }
      return RUNNING.isEmpty();
    }
  }

  /**
   * Begins part {@code part} in a thread of its own; the driver is told what comes of it. Begun
   * again by another task, it is that one's.
   *
   * @param attempt of the stage; once a higher one has begun, the driver refuses lower ones
   * @throws IOException if the driver does not answer or does not want it; the work is not begun
   */
  public void begin(int part, int attempt, Callable<byte[]> work) throws IOException {
    GangNetwork network = new GangNetwork(key, deadline, new Alive());
    try {
      TransportClient driver = network.connect(host, port);
      tell(network, driver, ErrandReport.begun(key, name, part, attempt));
      Thread thread =
          new Thread(() -> carryOut(network, driver, part, attempt, work), "errand " + part);
      thread.setDaemon(true);
      synchronized (RUNNING) {
        RUNNING.add(thread);
      }
      thread.start();
    } catch (IOException | RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private void carryOut(
      GangNetwork network, TransportClient driver, int part, int attempt, Callable<byte[]> work) {
    ErrandReport begun = ErrandReport.begun(key, name, part, attempt);
    try (network) {
      tell(network, driver, outcome(begun, work));
    } catch (IOException e) {
      // The driver is gone, or does not want it any more: there is nobody to tell.
    } finally {
      synchronized (RUNNING) {
        RUNNING.remove(Thread.currentThread());
        RUNNING.notifyAll();
      }
    }
  }

  private static ErrandReport outcome(ErrandReport begun, Callable<byte[]> work) {
    try {
      return begun.gave(work.call());
    } catch (Exception | Error e) {
      boolean told = e instanceof IOException && e.getMessage() != null;
      return begun.failed(told ? e.getMessage() : e.toString());
    }
  }

  private void tell(GangNetwork network, TransportClient driver, ErrandReport report)
      throws IOException {
    ByteBuffer reply = network.ask(driver, ByteBuffer.wrap(GangMessages.encode(report)));
    String refusal = GangMessages.decode(reply, Answer.class).refusal();
    if (refusal != null) {
      throw new IOException(
          "Cannot take part %d of what goes on beside: %s".formatted(report.part(), refusal));
    }
  }

  /** Answers the driver, which asks whether this process lives. */
  private static final class Alive extends RpcHandler {
    @Override
    public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
      callback.onSuccess(ByteBuffer.allocate(0));
    }

    @Override
    public StreamManager getStreamManager() {
      return new OneForOneStreamManager();
    }
  }
}
