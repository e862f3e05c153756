package org.plumbline.cluster;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.plumbline.cluster.GangMessages.Answer;
import org.plumbline.cluster.GangMessages.Hello;
import org.plumbline.cluster.GangMessages.Member;

/**
 * One rank's connections: chunks come from the previous rank and go to the next.
 *
 * <p>Few chunks are under way at a time, each until the next rank has used it, so that a rank that
 * falls behind does not fill its memory. While a rank waits it tells the next one that it is alive;
 * so only the rank after a silent one runs out of patience, and the first to fail tells its
 * neighbours why: all ranks name the same culprit.
 */
final class RingLink extends RpcHandler implements AutoCloseable {
  private static final String CONSEQUENCE = "Cannot go on as rank ";
  private static final byte HELLO = 0;
  private static final byte CHUNK = 1;
  private static final byte ALIVE = 2;
  private static final byte LEAVE = 3;
  private static final int WINDOW = 8;
  private static final long TICK_MILLIS = 200;
  private static final long GOODBYE_MILLIS = 1000;

  private final Ticket ticket;
  private final Seat seat;
  private final BooleanSupplier cancelled;
  private final GangNetwork network;
  private final Neighbour previous;
  private final Neighbour next;
  private final Deque<Arrival> arrivals = new ArrayDeque<>();
  private final Deque<Chunk> departures = new ArrayDeque<>();
  private String name;
  private int underWay;
  private int goodbyes;
  private String failure; // null while all is well
  private boolean closed;

  /** A chunk that came; the previous rank sends more as chunks are acknowledged. */
  record Arrival(Chunk chunk, RpcResponseCallback sender) {
    void acknowledge() {
      sender.onSuccess(ByteBuffer.allocate(0));
    }
  }

  private RingLink(Ticket ticket, Seat seat, BooleanSupplier cancelled) {
    this.ticket = ticket;
    this.seat = seat;
    this.cancelled = cancelled;
    this.name = "rank " + seat.rank();
    this.network = new GangNetwork(ticket.key(), ticket.deadline(), this);
    this.previous = new Neighbour(Math.floorMod(seat.rank() - 1, ticket.world()));
    this.next = new Neighbour(Math.floorMod(seat.rank() + 1, ticket.world()));
  }

  /** Whether a rank failed by {@code failure} because another did. */
  static boolean isConsequence(Throwable failure) {
    return String.valueOf(failure.getMessage()).startsWith(CONSEQUENCE);
  }

  /** Meets the other ranks at the rendezvous and connects to the next. */
  static RingLink join(Ticket ticket, Seat seat, BooleanSupplier cancelled) throws IOException {
    RingLink link = new RingLink(ticket, seat, cancelled);
    try {
      Member member = new Member(seat.rank(), seat.host(), link.network.listen(seat.bind()));
      link.connect(member, Rendezvous.register(link.network, ticket, seat.attempt(), member));
      return link;
    } catch (IOException | RuntimeException e) {
      link.abort(e);
      link.close();
      throw e;
    }
  }

  private void connect(Member self, List<Member> members) throws IOException {
    Member after = members.get(next.rank);
    synchronized (this) {
      name = self.toString();
      previous.name = members.get(previous.rank).toString();
      next.name = after.toString();
    }
    TransportClient client = network.connect(after.host(), after.port());
    synchronized (this) {
      next.client = client;
    }
    GangKey key = ticket.key();
    Hello hello = new Hello(key.gang(), key.token(), seat.attempt(), seat.rank(), next.rank);
    byte[] json = GangMessages.encode(hello);
    ByteBuffer message = ByteBuffer.allocate(1 + json.length).put(HELLO).put(json).flip();
    Answer answer = GangMessages.decode(network.ask(client, message), Answer.class);
    if (answer.refusal() != null) {
      throw new IOException("Cannot join " + after + " as " + self + ": " + answer.refusal());
    }
    synchronized (this) {
      // A rank that has nothing to sum must not be gone before the previous one has found it.
      await(() -> previous.client != null, previous);
    }
  }

  /** Sends {@code chunk} as soon as it may; its floats must not change until {@link #flush}. */
  void send(Chunk chunk) {
    synchronized (this) {
      departures.add(chunk);
    }
    // Only the connection's own thread writes chunks: what another one writes is queued there, and
    // would be overtaken by what follows an acknowledgement.
    next.client.getChannel().eventLoop().execute(this::depart);
  }

  private synchronized void depart() {
    while (underWay < WINDOW && !departures.isEmpty()) {
      underWay++;
      next.client.sendRpc(departures.poll().encode(CHUNK), new Departure());
    }
  }

  private final class Departure implements RpcResponseCallback {
    @Override
    public void onSuccess(ByteBuffer response) {
      synchronized (RingLink.this) {
        next.heardNanos = System.nanoTime();
        underWay--;
        depart();
        RingLink.this.notifyAll();
      }
    }

    @Override
    public void onFailure(Throwable error) {
      fail(next + " took no more: " + error.getMessage());
    }
  }

  /** Waits for the next chunk of the previous rank. */
  synchronized Arrival take() throws IOException {
    await(() -> !arrivals.isEmpty(), previous);
    return arrivals.poll();
  }

  /** Waits until the next rank has used all that was sent. */
  synchronized void flush() throws IOException {
    await(() -> departures.isEmpty() && underWay == 0, next);
  }

  private void await(BooleanSupplier done, Neighbour from) throws IOException {
    long patience = ticket.deadline().toNanos();
    long since = System.nanoTime();
    while (!done.getAsBoolean()) {
      long left = patience - (System.nanoTime() - Math.max(since, from.heardNanos));
      if (cancelled.getAsBoolean()) {
        fail(name + " was cancelled");
      } else if (from.left) {
        fail(from + " left while " + name + " still waited for it");
      } else if (left <= 0) {
        fail("nothing came from " + from + " for " + ticket.deadline().toSeconds() + " s");
      }
      if (failure != null) {
        throw new IOException(
            String.format(
                CONSEQUENCE + "%d of %d, attempt %d: %s",
                seat.rank(),
                ticket.world(),
                seat.attempt(),
                failure));
      }
      next.client.send(Neighbour.message(ALIVE, ""));
      pause(Math.min(TICK_MILLIS, TimeUnit.NANOSECONDS.toMillis(left) + 1));
    }
  }

  private void pause(long millis) throws IOException {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(name + " was interrupted");
      throw new InterruptedIOException(CONSEQUENCE + seat.rank() + ": interrupted");
    }
  }

  /** Makes every rank fail for this reason, unless there was one before. */
  synchronized void fail(String reason) {
    if (failure == null && !closed) {
      failure = reason;
      leave(reason);
      notifyAll();
    }
  }

  /** Makes every rank fail because this one did. */
  synchronized void abort(Throwable cause) {
    fail(name + " failed: " + cause);
  }

  /** Says to both neighbours that this rank goes: because of {@code reason}, or if empty, done. */
  private void leave(String reason) {
    for (Neighbour neighbour : List.of(previous, next)) {
      if (neighbour.client != null) {
        goodbyes++;
        // In the connection's own thread: a goodbye must not be written after the answer to the
        // neighbour's, upon which that one closes the connection.
        neighbour.client.getChannel().eventLoop().execute(() -> sayGoodbye(neighbour, reason));
      }
    }
  }

  private synchronized void sayGoodbye(Neighbour neighbour, String reason) {
    if (neighbour.left) {
      saidGoodbye();
    } else {
      neighbour.client.sendRpc(
          Neighbour.message(LEAVE, reason), Neighbour.whenAnswered(this::saidGoodbye));
    }
  }

  private synchronized void saidGoodbye() {
    goodbyes--;
    notifyAll();
  }

  @Override
  public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
    byte kind = message.get();
    if (kind == HELLO) {
      Answer answer = welcome(client, GangMessages.decode(message, Hello.class));
      callback.onSuccess(ByteBuffer.wrap(GangMessages.encode(answer)));
      return;
    }
    synchronized (this) {
      Neighbour from = neighbourAt(client);
      if (from == null) {
        throw new IllegalArgumentException("Cannot take a message of one who has not said hello");
      }
      from.heardNanos = System.nanoTime();
      if (kind == CHUNK) {
        arrivals.add(new Arrival(Chunk.decode(message), callback));
      } else if (kind == LEAVE) {
        from.left = true;
        if (message.hasRemaining()) {
          fail(StandardCharsets.UTF_8.decode(message).toString());
        }
        callback.onSuccess(ByteBuffer.allocate(0));
      }
      notifyAll();
    }
  }

  private synchronized Answer welcome(TransportClient client, Hello hello) {
    if (!ticket.key().admits(hello.gang(), hello.token())) {
      return Answer.no("wrong gang or token");
    } else if (hello.attempt() != seat.attempt()) {
      return Answer.no("attempt " + hello.attempt() + " (must be " + seat.attempt() + ")");
    } else if (hello.from() != previous.rank || hello.to() != seat.rank()) {
      return Answer.no("rank " + seat.rank() + " takes nothing from rank " + hello.from());
    } else if (previous.client != null) {
      return Answer.no("rank " + hello.from() + " is connected already");
    }
    previous.client = client;
    return Answer.yes(List.of());
  }

  /** A sign of life; that is all that comes without asking for an answer. */
  @Override
  public synchronized void receive(TransportClient client, ByteBuffer message) {
    Neighbour from = neighbourAt(client);
    if (from != null) {
      from.heardNanos = System.nanoTime();
    }
  }

  @Override
  public synchronized void channelInactive(TransportClient client) {
    Neighbour gone = neighbourAt(client);
    if (gone != null && !gone.left) {
      gone.left = true;
      fail(gone + " went away");
    }
  }

  private Neighbour neighbourAt(TransportClient client) {
    return previous.isAt(client) ? previous : next.isAt(client) ? next : null;
  }

  @Override
  public StreamManager getStreamManager() {
    return new OneForOneStreamManager();
  }

  /** Takes leave of the neighbours and closes all connections. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      if (failure == null) {
        leave("");
      }
      closed = true;
      awaitGoodbyes();
    }
    disconnect();
  }

  /**
   * Closing a connection with something unread makes the other side lose what it has not read yet,
   * such as the reason of a failure; so this rank waits until both have heard that it goes.
   */
  private void awaitGoodbyes() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GOODBYE_MILLIS);
    try {
      while (goodbyes > 0 && System.nanoTime() < end) {
        wait(GOODBYE_MILLIS / 10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Closes all connections without a word, as a process does that dies. */
  void disconnect() {
    synchronized (this) {
      closed = true; // what we close ourselves is not a neighbour's failure
    }
    previous.disconnect();
    next.disconnect();
    network.close();
  }
}
