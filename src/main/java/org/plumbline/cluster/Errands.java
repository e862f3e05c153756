package org.plumbline.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.SparkConf;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.plumbline.cluster.GangMessages.Answer;
import org.plumbline.cluster.GangMessages.ErrandReport;

/**
 * Work that goes on in executors after the tasks that began it have ended, such as the writing of a
 * checkpoint, as the driver sees it: what came of each part, be it that its executor died.
 */
public final class Errands extends RpcHandler implements AutoCloseable {
  private static final long LOOK_MILLIS = 1000;

  private final GangKey key;
  private final Duration deadline;
  private final String host;
  private final GangNetwork network;
  private final int port;
  private final Map<String, Doing> doings = new HashMap<>();

  /** What is known of one errand. */
  private static final class Doing {
    private final Map<Integer, Part> parts = new TreeMap<>();
    private int attempt;
  }

  /** A part that was begun over {@code client}. */
  private static final class Part {
    private final TransportClient client;
    private byte[] result; // null until it ended well
    private IOException failure; // null unless it ended otherwise

    Part(TransportClient client) {
      this.client = client;
    }

    boolean isOver() {
      return result != null || failure != null;
    }
  }

  /** An executor went away, and with it what it was about. */
  public static final class LostException extends IOException {
    private static final long serialVersionUID = 1L;

    LostException(String message) {
      super(message);
    }
  }

  /**
   * Listens on the driver of the application with {@code conf}.
   *
   * @param deadline longest time that an executor may leave a question unanswered before it is
   *     taken for lost
   */
  public Errands(SparkConf conf, Duration deadline) {
    this(conf, GangKey.draw(conf), deadline);
  }

  Errands(SparkConf conf, GangKey key, Duration deadline) {
    this.key = key;
    this.deadline = deadline;
    this.host = conf.get("spark.driver.host");
    this.network = new GangNetwork(key, deadline, this);
    this.port = network.listen(Seat.driverBind(conf, host));
  }

  /** A new errand, for tasks to begin parts of. */
  public synchronized Errand draw() {
    String name = UUID.randomUUID().toString();
    doings.put(name, new Doing());
    return new Errand(key, deadline, host, port, name);
  }

  /**
   * Waits until all that was begun of {@code errand} has ended. To be called once all tasks have
   * begun their parts.
   *
   * @return what the parts gave, in their order
   * @throws LostException if an executor went away before its part ended
   * @throws IOException if a part failed; the message is that of the failure
   */
  public List<byte[]> await(Errand errand) throws IOException {
    Doing doing;
    synchronized (this) {
      doing = doings.get(errand.name());
    }
    for (List<Part> open = look(doing, 0); !open.isEmpty(); open = look(doing, LOOK_MILLIS)) {
      open.forEach(this::ask);
    }
    synchronized (this) {
      doings.remove(errand.name());
      return results(doing);
    }
  }

  private static List<byte[]> results(Doing doing) throws IOException {
    List<byte[]> results = new ArrayList<>();
    LostException lost = null;
    for (Part part : doing.parts.values()) {
      if (part.failure instanceof LostException gone) {
        lost = gone;
      } else if (part.failure != null) {
        throw part.failure;
      }
      results.add(part.result);
    }
    if (lost != null) {
      throw lost;
    }
    return results;
  }

  /** The parts that are not over, if any still are after a while. */
  private synchronized List<Part> look(Doing doing, long millis) throws IOException {
    List<Part> open = doing.parts.values().stream().filter(part -> !part.isOver()).toList();
    if (!open.isEmpty() && millis > 0) {
      try {
        wait(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Cannot wait for executors: interrupted", e);
      }
    }
    return doing.parts.values().stream().filter(part -> !part.isOver()).toList();
  }

  /** Sees whether the executor of {@code part} answers: one that hangs is as good as lost. */
  private void ask(Part part) {
    try {
      network.ask(part.client, ByteBuffer.allocate(0));
    } catch (IOException e) {
      end(part, null, gone(part.client, e.getMessage()));
    }
  }

  private static LostException gone(TransportClient client, String why) {
    return new LostException(
        "The executor at %s went away: %s".formatted(client.getSocketAddress(), why));
  }

  private synchronized void end(Part part, byte[] result, IOException failure) {
    if (!part.isOver()) {
      part.result = result;
      part.failure = failure;
      notifyAll();
    }
  }

  @Override
  public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
    String refusal = admit(client, GangMessages.decode(message, ErrandReport.class));
    Answer answer = refusal == null ? Answer.yes(List.of()) : Answer.no(refusal);
    callback.onSuccess(ByteBuffer.wrap(GangMessages.encode(answer)));
  }

  private synchronized String admit(TransportClient client, ErrandReport report) {
    if (!key.admits(report.gang(), report.token())) {
      return "wrong gang or token";
    }
    Doing doing = doings.get(report.errand());
    if (doing == null) {
      return "nobody waits for it any more";
    }
    if (report.attempt() < doing.attempt) {
      return "attempt %d is over, %d began".formatted(report.attempt(), doing.attempt);
    }
    if (!report.over()) {
      doing.attempt = report.attempt();
      doing.parts.put(report.part(), new Part(client)); // in place of that of a task that failed
      return null;
    }
    Part part = doing.parts.get(report.part());
    if (part == null || part.client != client) {
      return "another task began the same after it";
    }
    end(part, report.result(), report.failure() == null ? null : new IOException(report.failure()));
    return null;
  }

  @Override
  public synchronized void channelInactive(TransportClient client) {
    for (Doing doing : doings.values()) {
      for (Part part : doing.parts.values()) {
        if (part.client == client) {
          end(part, null, gone(client, "its connection is closed"));
        }
      }
    }
  }

  @Override
  public StreamManager getStreamManager() {
    return new OneForOneStreamManager();
  }

  @Override
  public void close() {
    network.close();
  }
}
