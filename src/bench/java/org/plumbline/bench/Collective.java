package org.plumbline.bench;

/** What the ranks of {@link CollectivesCommand} are told to measure. */
enum Collective {
  /** Our ring's sum over all ranks. */
  RING,
  /** The same over connections that Spark encrypts. */
  ENCRYPTED,
  /** {@link SocketRing}'s sum over all ranks. */
  SOCKETS,
  /** From rank 0 to rank 1 over a bare socket. */
  STREAM,
  /** Within rank 0, from memory to memory. */
  COPY,
  /** Our ring's coming together. */
  JOIN
}
