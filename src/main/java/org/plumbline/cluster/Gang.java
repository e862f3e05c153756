package org.plumbline.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The tasks of one stage that work in step, seen by one of them. All ranks make the same calls in
 * the same order. A gang belongs to the thread of its task; Plumbline opens and closes it.
 */
public interface Gang extends AutoCloseable {
  /** This task's number, from 0; the same as its partition. */
  int rank();

  /** How many tasks there are. */
  int world();

  /** 0 at first, one more each time Spark had to start the whole gang again. */
  int attempt();

  /**
   * Replaces the floats between position and limit by their sum over all ranks, which is the same
   * to the last bit on every rank and in every run with as many ranks. With sizes that differ among
   * ranks, every rank fails.
   *
   * @param floats float32 values in a direct buffer of native byte order, below 2 GiB, of any
   *     count; none will do to wait for one another
   * @throws IOException if a rank is gone, or nothing came from it before the deadline; the message
   *     names it and its host. Nothing can be done with this gang afterwards, and the floats are
   *     partly summed.
   */
  void allReduce(ByteBuffer floats) throws IOException;

  @Override
  void close();
}
