package org.plumbline.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;

/**
 * The chunks that go to the next rank, few under way at a time: each from when it is copied into
 * one of a few slots until the next rank has used it, so that a rank that falls behind does not
 * fill its memory.
 */
final class Departures {
  /** Enough to keep a connection busy, and few enough to stay in the processor's cache. */
  private static final int WINDOW = 4;

  private final Deque<Chunk> waiting = new ArrayDeque<>();
  private final ByteBuffer[] slots = new ByteBuffer[WINDOW];
  private final RpcResponseCallback arrival;
  private TransportClient client;
  private long sent;
  private long used;
  private long bytes;
  private boolean over;

  /** What {@code arrival} is told is when a chunk has arrived, used or not, or never will. */
  Departures(RpcResponseCallback arrival) {
    this.arrival = arrival;
  }

  synchronized void connect(TransportClient to) {
    client = to;
  }

  /** Sends {@code chunks} as soon as they may; their floats must not change until they are used. */
  void add(Collection<Chunk> chunks) {
    synchronized (this) {
      if (over) {
        return;
      }
      waiting.addAll(chunks);
    }
    // Only the connection's own thread writes chunks: what another one writes is queued there, and
    // would be overtaken by what follows the news of used ones.
    client.getChannel().eventLoop().execute(this::depart);
  }

  /** The next rank has used one more; called in the connection's own thread. */
  void used() {
    synchronized (this) {
      used++;
    }
    depart();
  }

  private void depart() {
    for (Sending next = stage(); next != null; next = stage()) {
      // Not synchronized: the rank that adds need not wait for the network.
      client.uploadStream(
          new NioManagedBuffer(next.header()), new NioManagedBuffer(next.body()), arrival);
    }
  }

  /** A copy, so that the floats may change as soon as this has returned. */
  private synchronized Sending stage() {
    if (waiting.isEmpty() || sent - used == WINDOW) {
      return null;
    }
    Chunk chunk = waiting.poll();
    int slot = (int) (sent % WINDOW);
    if (slots[slot] == null) {
      slots[slot] = Wire.inNativeOrder(ByteBuffer.allocateDirect(Chunk.BYTES));
    }
    chunk.write(slots[slot].clear());
    sent++;
    bytes += slots[slot].position();
    return new Sending(chunk.place().encode(), slots[slot].flip().slice());
  }

  private record Sending(ByteBuffer header, ByteBuffer body) {}

  synchronized boolean isDone() {
    return waiting.isEmpty() && sent == used;
  }

  /** Sends nothing any more: no more floats are read once this has returned. */
  synchronized void end() {
    over = true;
    waiting.clear();
  }

  /** Bytes of floats that were sent, as they travel. */
  synchronized long bytes() {
    return bytes;
  }
}
