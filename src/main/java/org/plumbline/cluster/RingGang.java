package org.plumbline.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
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
    ByteBuffer data = Chunk.whole(floats);
    segment(data, rank()).forEach(link::send);
    int reduceSteps = world - 1;
    int steps = 2 * reduceSteps;
    for (int step = 0; step < steps; step++) {
      for (Chunk mine : segment(data, Math.floorMod(rank() - step - 1, world))) {
        Chunk here = mine.atStep(step);
        RingLink.Arrival arrival = link.take();
        expect(here, arrival.chunk());
        if (step < reduceSteps) {
          here.add(arrival.chunk());
        } else {
          here.set(arrival.chunk());
        }
        arrival.acknowledge();
        if (step + 1 < steps) {
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
      throw new IOException("Cannot all-reduce: " + reason);
    }
  }

  /** The chunks of segment {@code index}, at least one, even if it is empty: so all ranks meet. */
  private List<Chunk> segment(ByteBuffer data, int index) {
    long count = data.capacity() / Float.BYTES;
    int from = Math.toIntExact(count * index / world * Float.BYTES);
    int to = Math.toIntExact(count * (index + 1) / world * Float.BYTES);
    List<Chunk> chunks = new ArrayList<>();
    int offset = from;
    do {
      int length = Math.min(CHUNK_BYTES, to - offset);
      ByteBuffer floats = data.slice(offset, length).order(ByteOrder.nativeOrder());
      chunks.add(new Chunk(operation, 0, offset, data.capacity(), floats));
      offset += length;
    } while (offset < to);
    return chunks;
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
