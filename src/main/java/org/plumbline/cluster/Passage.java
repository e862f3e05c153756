package org.plumbline.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * One operation of a gang at one rank: what it awaits of the previous rank, in this order, and what
 * becomes of it. In the first {@code world - 1} steps a rank adds its own values, in as many more
 * it copies.
 */
final class Passage {
  private final int world;
  private final int end;
  private final List<Chunk> own = new ArrayList<>();
  private final ArrayDeque<Chunk> awaited = new ArrayDeque<>();
  private final Landing landing = new Landing();
  private boolean open = true;

  /**
   * Of all segments.
   *
   * @param chunks of each segment
   * @param first of the steps to take
   * @param end after the last
   * @param from the segment that sets out from this rank
   */
  Passage(List<List<Chunk>> chunks, int first, int end, int from) {
    this.world = chunks.size();
    this.end = end;
    chunks.get(from).forEach(chunk -> own.add(chunk.atStep(first)));
    for (int step = first; step < end; step++) {
      for (Chunk chunk : chunks.get(Math.floorMod(from - (step - first) - 1, world))) {
        awaited.add(chunk.atStep(step));
      }
    }
    begin();
  }

  /** What sets out from this rank. */
  List<Chunk> own() {
    return own;
  }

  /** Where what comes next is, or null if all has come. */
  synchronized Place awaited() {
    return awaited.isEmpty() ? null : awaited.peek().place();
  }

  /** Takes a piece of the chunk awaited; does nothing once closed. */
  synchronized void land(ByteBuffer piece) {
    if (open) {
      landing.take(piece);
    }
  }

  /**
   * Goes on to the next chunk: the one awaited has come. Gives what to send on, if anything;
   * nothing once closed.
   */
  synchronized Chunk landed() {
    Chunk chunk = awaited.poll();
    if (!open) {
      return null;
    }
    int step = chunk.place().step();
    if (step == world - 2 && end > world - 1) {
      // This rank has the sum, and must not have it more exactly than those it sends it to.
      chunk.wire().round(chunk.floats());
    }
    begin();
    return step + 1 < end ? chunk.atStep(step + 1) : null;
  }

  private void begin() {
    if (!awaited.isEmpty()) {
      landing.begin(awaited.peek(), awaited.peek().place().step() < world - 1);
    }
  }

  /** Nothing is written to the floats once this has returned. */
  synchronized void close() {
    open = false;
  }
}
