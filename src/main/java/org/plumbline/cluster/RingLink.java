package org.plumbline.cluster;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.StreamCallbackWithID;
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
 * <p>Chunks are added in the thread of the connection by which they come, while they are in the
 * processor's cache; the thread of the task only waits. While it does it tells the next rank that
 * it is alive; so only the rank after a silent one runs out of patience, and the first to fail
 * tells its neighbours why: all ranks name the same culprit.
 */
final class RingLink extends RpcHandler implements AutoCloseable {
  private static final String CONSEQUENCE = "Cannot go on as rank ";
  static final long TICK_MILLIS = 200;
  private static final long GOODBYE_MILLIS = 1000;

  private final Ticket ticket;
  private final Seat seat;
  private final BooleanSupplier cancelled;
  private final GangNetwork network;
  private final Neighbour previous;
  private final Neighbour next;
  private final Departures departures = new Departures(new Sent());
  private final Deque<Arrival> early = new ArrayDeque<>();
  private Passage passage; // null between operations
  private String name;
  private int goodbyes;
  private String failure; // null while all is well
  private boolean closed;

  private RingLink(Ticket ticket, Seat seat, BooleanSupplier cancelled) {
    this.ticket = ticket;
    this.seat = seat;
    this.cancelled = cancelled;
    this.name = "rank " + seat.rank();
    this.network = new GangNetwork(ticket.key(), ticket.options().deadline(), this);
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
    departures.connect(client);
    Hello hello = new Hello(ticket.pass(seat.attempt()), seat.rank(), next.rank);
    byte[] json = GangMessages.encode(hello);
    ByteBuffer message = ByteBuffer.allocate(1 + json.length).put(Neighbour.HELLO).put(json).flip();
    Answer answer = GangMessages.decode(network.ask(client, message), Answer.class);
    if (answer.refusal() != null) {
      throw new IOException("Cannot join " + after + " as " + self + ": " + answer.refusal());
    }
    synchronized (this) {
      // A rank that has nothing to sum must not be gone before the previous one has found it.
      await(() -> previous.client != null, previous);
    }
  }

  /** Does one operation. The floats are left alone once this has returned or thrown. */
  void go(Passage operation) throws IOException {
    boolean done = false;
    try {
      departures.add(operation.own()); // ahead of what is to be sent on
      begin(operation);
      synchronized (this) {
        await(() -> operation.awaited() == null, previous);
        await(departures::isDone, next);
      }
      done = true;
    } finally {
      synchronized (this) {
        passage = null;
      }
      operation.close();
      if (!done) {
        departures.end(); // what still lands would be sent on
      }
    }
  }

  /** From now on what comes is used at once, after what came early. */
  private synchronized void begin(Passage operation) {
    passage = operation;
    useEarly();
  }

  private synchronized void useEarly() {
    while (passage != null && !early.isEmpty() && isAwaited(early.peek().place())) {
      passage.land(early.poll().early());
      landed(passage);
    }
  }

  /** Whether the operation under way needs it now. If it never will, all ranks fail. */
  private boolean isAwaited(Place came) {
    Place here = passage == null ? null : passage.awaited();
    if (here != null && !here.equals(came)) {
      fail(
          String.format("rank %d got %s where it is at %s", seat.rank(), came, here)
              + " (all ranks must sum buffers of the same sizes in the same order)");
    }
    return here != null && here.equals(came);
  }

  /** A chunk came in whole before its operation began, or while others before it did. */
  synchronized void cameEarly(Arrival arrival) {
    early.add(arrival);
    useEarly();
  }

  /** A chunk is where it belongs; it goes on from here. */
  void landed(Passage operation) {
    Chunk onward = operation.landed();
    if (onward != null) {
      departures.add(List.of(onward));
    }
    previous.say(Neighbour.USED);
    if (operation.awaited() == null) {
      wake();
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  synchronized void sayAlive() {
    previous.say(Neighbour.ALIVE);
    next.say(Neighbour.ALIVE);
  }

  void heardPrevious() {
    previous.heardNanos = System.nanoTime();
  }

  /** Bytes of floats that went to the next rank. */
  long bytesSent() {
    return departures.bytes();
  }

  private final class Sent implements RpcResponseCallback {
    @Override
    public void onSuccess(ByteBuffer response) {
      next.heardNanos = System.nanoTime();
    }

    @Override
    public void onFailure(Throwable error) {
      fail(next + " took no more: " + error.getMessage());
    }
  }

  private void await(BooleanSupplier done, Neighbour from) throws IOException {
    Duration deadline = ticket.options().deadline();
    long since = System.nanoTime();
    while (!done.getAsBoolean()) {
      long left = deadline.toNanos() - (System.nanoTime() - Math.max(since, from.heardNanos));
      if (cancelled.getAsBoolean()) {
        fail(name + " was cancelled");
      } else if (from.left) {
        fail(from + " left while " + name + " still waited for it");
      } else if (left <= 0) {
        fail("nothing came from " + from + " for " + deadline.toSeconds() + " s");
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
      next.say(Neighbour.ALIVE);
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
          Neighbour.message(Neighbour.LEAVE, reason), Neighbour.whenAnswered(this::saidGoodbye));
    }
  }

  private synchronized void saidGoodbye() {
    goodbyes--;
    notifyAll();
  }

  @Override
  public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
    byte kind = message.get();
    if (kind == Neighbour.HELLO) {
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
      if (kind == Neighbour.LEAVE) {
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
    String refusal = ticket.refusal(hello.pass());
    if (refusal != null) {
      return Answer.no(refusal);
    } else if (hello.pass().attempt() != seat.attempt()) {
      return Answer.no("attempt " + hello.pass().attempt() + " (must be " + seat.attempt() + ")");
    } else if (hello.from() != previous.rank || hello.to() != seat.rank()) {
      return Answer.no("rank " + seat.rank() + " takes nothing from rank " + hello.from());
    } else if (previous.client != null) {
      return Answer.no("rank " + hello.from() + " is connected already");
    }
    previous.client = client;
    notifyAll();
    return Answer.yes(List.of());
  }

  /** A chunk of the previous rank begins. */
  @Override
  public synchronized StreamCallbackWithID receiveStream(
      TransportClient client, ByteBuffer header, RpcResponseCallback callback) {
    if (!previous.isAt(client)) {
      throw new IllegalArgumentException("Cannot take a chunk of one who has not said hello");
    }
    Place place = Place.decode(header);
    return new Arrival(this, place, early.isEmpty() && isAwaited(place) ? passage : null);
  }

  /** A sign of life, or that a chunk was used: what comes without asking for an answer. */
  @Override
  public void receive(TransportClient client, ByteBuffer message) {
    Neighbour from = neighbourAt(client);
    if (from == null) {
      return;
    }
    from.heardNanos = System.nanoTime();
    if (from == next && message.get() == Neighbour.USED) {
      departures.used();
      if (departures.isDone()) {
        wake();
      }
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

  private synchronized Neighbour neighbourAt(TransportClient client) {
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
