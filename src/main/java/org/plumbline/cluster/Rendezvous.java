package org.plumbline.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.plumbline.cluster.GangMessages.Answer;
import org.plumbline.cluster.GangMessages.Member;
import org.plumbline.cluster.GangMessages.Registration;

/**
 * Where the ranks of a gang find one another, on the driver. Each says where it listens and is
 * answered when all of its attempt have come. (A barrier task's own way, {@code allGather}, polls
 * once a second.)
 */
final class Rendezvous extends RpcHandler implements AutoCloseable {
  private final int world;
  private final Duration deadline;
  private final GangNetwork network;
  private final Ticket ticket;
  private Round newest = new Round(0);

  /** The ranks of one attempt, as they come. */
  private static final class Round {
    final int attempt;
    final Map<Integer, Member> members = new TreeMap<>();
    final Map<TransportClient, Member> connections = new IdentityHashMap<>();
    final CompletableFuture<List<Member>> all = new CompletableFuture<>();

    Round(int attempt) {
      this.attempt = attempt;
    }
  }

  /** Listens at {@code bind}; ranks reach it as {@code host}. */
  Rendezvous(GangKey key, int world, GangOptions options, String host, String bind) {
    this.world = world;
    this.deadline = options.deadline();
    this.network = new GangNetwork(key, deadline, this);
    this.ticket = new Ticket(key, world, host, network.listen(bind), options);
  }

  Ticket ticket() {
    return ticket;
  }

  /** Tells the rendezvous that {@code member} is there; gives all members in order of rank. */
  static List<Member> register(GangNetwork network, Ticket ticket, int attempt, Member member)
      throws IOException {
    Registration here = new Registration(ticket.pass(attempt), member);
    TransportClient driver = network.connect(ticket.host(), ticket.port());
    try {
      ByteBuffer reply = network.ask(driver, ByteBuffer.wrap(GangMessages.encode(here)));
      Answer answer = GangMessages.decode(reply, Answer.class);
      if (answer.refusal() != null) {
        throw new IOException(
            "Cannot join gang " + ticket.key() + " as " + member + ": " + answer.refusal());
      }
      return answer.members();
    } finally {
      driver.close();
    }
  }

  @Override
  public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
    Registration here = GangMessages.decode(message, Registration.class);
    var unused =
        admit(client, here)
            .whenComplete(
                (members, error) -> {
                  Answer answer = error == null ? Answer.yes(members) : Answer.no(reason(error));
                  callback.onSuccess(ByteBuffer.wrap(GangMessages.encode(answer)));
                });
  }

  private synchronized CompletableFuture<List<Member>> admit(
      TransportClient client, Registration here) {
    String refusal = refusal(here);
    if (refusal != null) {
      return CompletableFuture.failedFuture(new IOException(refusal));
    }
    int attempt = here.pass().attempt();
    if (attempt > newest.attempt) {
      newest.all.completeExceptionally(
          new IOException("attempt " + newest.attempt + " is over, " + attempt + " began"));
      newest = new Round(attempt);
    }
    if (newest.members.isEmpty()) {
      newest.all.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }
    newest.members.put(here.member().rank(), here.member());
    newest.connections.put(client, here.member());
    if (newest.members.size() == world) {
      newest.all.complete(new ArrayList<>(newest.members.values()));
    }
    return newest.all;
  }

  private String refusal(Registration here) {
    int rank = here.member().rank();
    int attempt = here.pass().attempt();
    String refusal = ticket.refusal(here.pass());
    if (refusal != null) {
      return refusal;
    } else if (rank < 0 || rank >= world) {
      return "rank " + rank + " (must be below " + world + ")";
    } else if (attempt < newest.attempt) {
      return "attempt " + attempt + " is over, " + newest.attempt + " began";
    } else if (attempt == newest.attempt && newest.members.containsKey(rank)) {
      return newest.members.get(rank) + " came before it in attempt " + attempt;
    }
    return null;
  }

  private synchronized String reason(Throwable error) {
    if (!(error instanceof TimeoutException)) {
      return error.getMessage();
    }
    List<Integer> missing =
        IntStream.range(0, world).filter(r -> !newest.members.containsKey(r)).boxed().toList();
    return "ranks "
        + missing
        + " of "
        + world
        + " did not come within "
        + deadline.toSeconds()
        + " s";
  }

  /** One that dies while it waits is not to be waited for. */
  @Override
  public synchronized void channelInactive(TransportClient client) {
    Member gone = newest.connections.get(client);
    if (gone != null) {
      newest.all.completeExceptionally(new IOException(gone + " went away before all had come"));
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
