package org.plumbline.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.plumbline.cluster.Gang;
import org.plumbline.cluster.MeetingPlace;

/**
 * One rank of {@link CollectivesCommand}, a process of its own. It says the port of its bare
 * socket, is told that of the next rank, and then answers each line {@code WHAT BYTES TIMES} with
 * the seconds that one took.
 */
final class CollectiveRank implements AutoCloseable {
  private final int rank;
  private final String ticket;
  private final ByteBuffer floats;
  private final ByteBuffer other;
  private final SocketRing sockets;
  private final Map<Collective, Gang> gangs = new EnumMap<>(Collective.class);
  private int attempt;

  private CollectiveRank(int rank, int world, String ticket, int bytes) throws IOException {
    this.rank = rank;
    this.ticket = ticket;
    this.floats = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    this.other = ByteBuffer.allocateDirect(rank == 0 ? bytes : 0);
    this.sockets = new SocketRing(rank, world);
  }

  /** Arguments: rank, ranks, ticket, ticket of the encrypted ring, greatest bytes. */
  public static void main(String[] args) throws IOException {
    int rank = Integer.parseInt(args[0]);
    int world = Integer.parseInt(args[1]);
    try (CollectiveRank self = new CollectiveRank(rank, world, args[2], Integer.parseInt(args[4]));
        BufferedReader told =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println(self.sockets.port());
      self.sockets.connect(Integer.parseInt(told.readLine()));
      self.gangs.put(Collective.RING, MeetingPlace.join(args[2], rank, 0));
      self.gangs.put(Collective.ENCRYPTED, MeetingPlace.join(args[3], rank, 0));
      for (String line = told.readLine(); line != null; line = told.readLine()) {
        String[] words = line.split(" ");
        System.out.println(
            self.measure(
                Collective.valueOf(words[0]),
                Integer.parseInt(words[1]),
                Integer.parseInt(words[2])));
      }
    }
    System.exit(0);
  }

  private double measure(Collective what, int bytes, int times) throws IOException {
    ByteBuffer part = floats.slice(0, bytes).order(ByteOrder.nativeOrder());
    meet(what);
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      once(what, part);
    }
    return (System.nanoTime() - start) / 1e9 / times;
  }

  /** So that the clocks of all ranks start together. */
  private void meet(Collective what) throws IOException {
    gangs
        .getOrDefault(what, gangs.get(Collective.RING))
        .allReduce(floats.slice(0, Float.BYTES).order(ByteOrder.nativeOrder()));
  }

  private void once(Collective what, ByteBuffer part) throws IOException {
    switch (what) {
      case RING, ENCRYPTED -> gangs.get(what).allReduce(part);
      case SOCKETS -> sockets.allReduce(part);
      case STREAM -> stream(part);
      case COPY -> copy(part);
      case JOIN -> join();
    }
  }

  private void stream(ByteBuffer part) throws IOException {
    if (rank == 0) {
      sockets.stream(part);
    } else if (rank == 1) {
      sockets.drain(part);
    }
  }

  private void copy(ByteBuffer part) {
    if (rank == 0) {
      other.duplicate().put(part.duplicate().clear());
    }
  }

  private void join() throws IOException {
    attempt++;
    gangs.get(Collective.RING).close();
    gangs.put(Collective.RING, MeetingPlace.join(ticket, rank, attempt));
  }

  @Override
  public void close() throws IOException {
    gangs.values().forEach(Gang::close);
    sockets.close();
  }
}
