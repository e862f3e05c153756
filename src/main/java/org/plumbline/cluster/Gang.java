package org.plumbline.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The tasks of one stage that work in step, seen by one of them. All ranks make the same calls in
 * the same order. A gang belongs to the thread of its task; Plumbline opens and closes it.
 */
public sealed interface Gang extends AutoCloseable permits RingGang, SoloGang {
  /** The gang of a task that works alone. */
  static Gang alone() {
    return new SoloGang(TaskOfGang.stageAttempt());
  }

  /** This task's number, from 0; the same as its partition. */
  int rank();

  /** How many tasks there are. */
  int world();

  /** 0 at first, one more each time Spark had to start the whole gang again. */
  int attempt();

  /**
   * Replaces the floats between position and limit by their sum over all ranks, which is the same
   * to the last bit on every rank and in every run with as many ranks. With sizes that differ among
   * ranks, every rank fails. With {@link Wire#BFLOAT16} the sum is itself a bfloat16.
   *
   * @param floats float32 values in a direct buffer of native byte order, below 2 GiB, of any
   *     count; none will do to wait for one another
   * @throws IOException if a rank is gone, or nothing came from it before the deadline; the message
   *     names it and its host. Nothing can be done with this gang afterwards, and the floats are
   *     partly summed.
   */
  void allReduce(ByteBuffer floats) throws IOException;

  /**
   * Sums each segment over all ranks, for the rank whose number it has: afterwards {@code
   * segments.get(rank())} holds the sum, and the others are partly summed. The first half of {@link
   * #allReduce}, with the same bits; with {@link Wire#BFLOAT16}, before they are rounded.
   *
   * @param segments one for each rank, of float32 values in direct buffers of native byte order;
   *     segment i of the same size on all ranks
   * @throws IOException as {@link #allReduce} does
   */
  void reduceScatter(List<ByteBuffer> segments) throws IOException;

  /**
   * Gives every rank what each has in the segment of its own number. The second half of {@link
   * #allReduce}.
   *
   * @param segments as of {@link #reduceScatter}
   * @throws IOException as {@link #allReduce} does
   */
  void allGather(List<ByteBuffer> segments) throws IOException;

  /**
   * Gives every rank the floats that {@code root} has between position and limit.
   *
   * @throws IOException as {@link #allReduce} does
   */
  void broadcast(ByteBuffer floats, int root) throws IOException;

  /**
   * Gives every rank the messages of all, in order of rank.
   *
   * @param message of any length; up to a kilobyte it takes one way round, beyond that two
   * @throws IOException as {@link #allReduce} does
   */
  List<byte[]> exchange(byte[] message) throws IOException;

  /**
   * Lets this rank keep the others waiting for longer than the deadline, as long as what is given
   * back is not closed and its process lives: to load a model, or to write a checkpoint.
   */
  Busy busy();

  /** Work of one rank that takes as long as it takes. */
  interface Busy extends AutoCloseable {
    @Override
    void close();
  }

  @Override
  void close();
}
