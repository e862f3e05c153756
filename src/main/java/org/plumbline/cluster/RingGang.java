package org.plumbline.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Sums over a ring of ranks: of N ranks each sends 2 (N - 1) / N times the buffer, however many
 * there are, which is the least possible (Patarasuk and Yuan, 2009, "Bandwidth optimal all-reduce
 * algorithms for clusters of workstations").
 *
 * <p>The buffer is cut into N segments. Segment r sets out from rank r; each rank on its way adds
 * its own values (reduce-scatter), and once all have, it goes round again to be copied
 * (all-gather).
 */
final class RingGang implements Gang {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final ByteBuffer NOTHING =
      ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());

  private final Seat seat;
  private final int world;
  private final RingLink link;
  private long operation;

  private RingGang(Seat seat, int world, RingLink link) {
    this.seat = seat;
    this.world = world;
    this.link = link;
  }

  /** Waits until all ranks of this attempt have come. */
  static RingGang join(Ticket ticket, Seat seat, BooleanSupplier cancelled) throws IOException {
    return new RingGang(seat, ticket.world(), RingLink.join(ticket, seat, cancelled));
  }

  @Override
  public int rank() {
    return seat.rank();
  }

  @Override
  public int world() {
    return world;
  }

  @Override
  public int attempt() {
    return seat.attempt();
  }

  @Override
  public void allReduce(ByteBuffer floats) throws IOException {
    List<ByteBuffer> segments = cut(Chunk.whole(floats));
    go(segments, 0, 2 * (world - 1), rank());
  }

  @Override
  public void reduceScatter(List<ByteBuffer> segments) throws IOException {
    // A segment ends at the rank before the one it set out from, so segment r sets out after r.
    go(Chunk.segments(segments, world), 0, world - 1, Math.floorMod(rank() - 1, world));
  }

  @Override
  public void allGather(List<ByteBuffer> segments) throws IOException {
    go(Chunk.segments(segments, world), world - 1, 2 * (world - 1), rank());
  }

  @Override
  public void broadcast(ByteBuffer floats, int root) throws IOException {
    List<ByteBuffer> segments = new ArrayList<>(Collections.nCopies(world, NOTHING));
    segments.set(root, floats);
    allGather(segments);
  }

  @Override
  public List<byte[]> exchange(byte[] message) throws IOException {
    ByteBuffer lengths = ByteBuffer.allocateDirect(world * Integer.BYTES);
    lengths.order(ByteOrder.nativeOrder()).putInt(rank() * Integer.BYTES, message.length);
    allGather(cut(lengths));
    List<ByteBuffer> segments = new ArrayList<>();
    for (int i = 0; i < world; i++) {
      int floats = (lengths.getInt(i * Integer.BYTES) + Float.BYTES - 1) / Float.BYTES;
      segments.add(ByteBuffer.allocateDirect(floats * Float.BYTES).order(ByteOrder.nativeOrder()));
    }
    segments.get(rank()).put(message).clear();
    allGather(segments);
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < world; i++) {
      byte[] bytes = new byte[lengths.getInt(i * Integer.BYTES)];
      segments.get(i).get(bytes);
      messages.add(bytes);
    }
    return messages;
  }

  /**
   * Takes segments round the ring: in the first {@code world - 1} steps each rank adds, in as many
   * more it copies.
   *
   * @param first of the steps to take
   * @param end after the last
   * @param own the segment that sets out from this rank
   */
  private void go(List<ByteBuffer> segments, int first, int end, int own) throws IOException {
    List<List<Chunk>> chunks = chunks(segments);
    chunks.get(own).forEach(chunk -> link.send(chunk.atStep(first)));
    for (int step = first; step < end; step++) {
      for (Chunk mine : chunks.get(Math.floorMod(own - (step - first) - 1, world))) {
        Chunk here = mine.atStep(step);
        RingLink.Arrival arrival = link.take();
        expect(here, arrival.chunk());
        if (step < world - 1) {
          here.add(arrival.chunk());
        } else {
          here.set(arrival.chunk());
        }
        arrival.acknowledge();
        if (step + 1 < end) {
          link.send(here.atStep(step + 1));
        }
      }
    }
    link.flush();
    operation++;
  }

  private void expect(Chunk here, Chunk came) throws IOException {
    if (!here.isAtTheSamePlaceAs(came)) {
      String reason =
          String.format("rank %d got %s where it is at %s", rank(), came, here)
              + " (all ranks must sum buffers of the same sizes in the same order)";
      link.fail(reason);
      throw new IOException("Cannot go on: " + reason);
    }
  }

  private List<ByteBuffer> cut(ByteBuffer data) {
    long count = data.capacity() / Float.BYTES;
    List<ByteBuffer> segments = new ArrayList<>();
    for (int i = 0; i < world; i++) {
      int from = Math.toIntExact(count * i / world * Float.BYTES);
      int to = Math.toIntExact(count * (i + 1) / world * Float.BYTES);
      segments.add(data.slice(from, to - from).order(ByteOrder.nativeOrder()));
    }
    return segments;
  }

  /** The chunks of each segment, at least one, even if it is empty: so all ranks meet. */
  private List<List<Chunk>> chunks(List<ByteBuffer> segments) {
    List<List<Chunk>> all = new ArrayList<>();
    for (ByteBuffer segment : segments) {
      List<Chunk> chunks = new ArrayList<>();
      int offset = 0;
      do {
        int length = Math.min(CHUNK_BYTES, segment.capacity() - offset);
        ByteBuffer floats = segment.slice(offset, length).order(ByteOrder.nativeOrder());
        chunks.add(new Chunk(operation, 0, all.size(), offset, segment.capacity(), floats));
        offset += length;
      } while (offset < segment.capacity());
      all.add(chunks);
    }
    return all;
  }

  /** Makes all ranks fail because this one did. */
  void abort(Throwable cause) {
    link.abort(cause);
  }

  /** Drops all connections without a word. */
  void disconnect() {
    link.disconnect();
  }

  @Override
  public void close() {
    link.close();
  }
}
