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
  private static final ByteBuffer NOTHING =
      ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());

  private final Seat seat;
  private final int world;
  private final RingLink link;
  private final Wire sums;
  private long operation;

  private RingGang(Seat seat, Ticket ticket, RingLink link) {
    this.seat = seat;
    this.world = ticket.world();
    this.sums = ticket.options().wire();
    this.link = link;
  }

  /** Waits until all ranks of this attempt have come. */
  static RingGang join(Ticket ticket, Seat seat, BooleanSupplier cancelled) throws IOException {
    return new RingGang(seat, ticket, RingLink.join(ticket, seat, cancelled));
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
    go(segments, 0, 2 * (world - 1), rank(), sums);
  }

  @Override
  public void reduceScatter(List<ByteBuffer> segments) throws IOException {
    // A segment ends at the rank before the one it set out from, so segment r sets out after r.
    go(Chunk.segments(segments, world), 0, world - 1, Math.floorMod(rank() - 1, world), sums);
  }

  @Override
  public void allGather(List<ByteBuffer> segments) throws IOException {
    go(Chunk.segments(segments, world), world - 1, 2 * (world - 1), rank(), Wire.FLOAT32);
  }

  @Override
  public void broadcast(ByteBuffer floats, int root) throws IOException {
    List<ByteBuffer> segments = new ArrayList<>(Collections.nCopies(world, NOTHING));
    segments.set(root, floats);
    allGather(segments);
  }

  @Override
  public List<byte[]> exchange(byte[] message) throws IOException {
    return Exchange.among(this, message);
  }

  /** Takes segments round the ring, see {@link Passage}. */
  private void go(List<ByteBuffer> segments, int first, int end, int own, Wire wire)
      throws IOException {
    link.go(new Passage(chunks(segments, wire), first, end, own));
    operation++;
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
  private List<List<Chunk>> chunks(List<ByteBuffer> segments, Wire wire) {
    List<List<Chunk>> all = new ArrayList<>();
    for (ByteBuffer segment : segments) {
      List<Chunk> chunks = new ArrayList<>();
      int offset = 0;
      do {
        int length = Math.min(Chunk.BYTES, segment.capacity() - offset);
        ByteBuffer floats = segment.slice(offset, length).order(ByteOrder.nativeOrder());
        Place place = new Place(operation, 0, all.size(), offset, length, segment.capacity());
        chunks.add(new Chunk(place, floats, wire));
        offset += length;
      } while (offset < segment.capacity());
      all.add(chunks);
    }
    return all;
  }

  @Override
  public Busy busy() {
    return new Heartbeat(link::sayAlive);
  }

  /** Bytes of floats that went to the next rank. */
  long bytesSent() {
    return link.bytesSent();
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
